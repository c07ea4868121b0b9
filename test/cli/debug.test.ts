// `CTX_DEBUG` on a session recorded with the real Codex.
import { expect, test } from "bun:test";
import { cp } from "node:fs/promises";
import { join, resolve } from "node:path";
import { encode, event, meta } from "../agents/codex/rollout.ts";
import { Sandbox } from "./sandbox.ts";

const RECORDING = resolve(import.meta.dir, "../fixtures/codex/0.169.0");
const truth = await Bun.file(join(RECORDING, "truth.json")).json();
const SECRET = `ghp_${"a1B2".repeat(9)}`;
const LINE = /^\[ *\d+ ms\] (\w+): (.+)$/;

async function recorded(): Promise<Sandbox> {
  const sandbox = await Sandbox.create();
  await cp(join(RECORDING, "sessions"), join(sandbox.env.CODEX_HOME ?? "", "sessions"), { recursive: true });
  await sandbox.run(["git", "clone", "-q", join(RECORDING, "repo.bundle"), sandbox.work]);
  return sandbox;
}

const EXPORT = ["export-latest", "--tool", "codex", "--session-id", truth.session_id, "--quiet"];
const RECORD = [...EXPORT, "--changelog", "--changelog-actor", "ada", "--changelog-evaluator", "builtin"];

test("CTX_DEBUG=1 prints each decision on a line of standard error", async () => {
  await using sandbox = await recorded();
  const first = await sandbox.ctx(RECORD, { env: { CTX_DEBUG: "1" } });
  const lines = first.stderr.trimEnd().split("\n");
  expect(lines.filter((line) => !LINE.test(line))).toEqual([]);
  expect(first.stdout).toMatch(/^\/\S+\n$/);
  const messagesOf = (area: string) =>
    lines.map((line) => LINE.exec(line)).flatMap((match) => (match?.[1] === area ? [match[2]] : []));
  expect(messagesOf("locate")).toEqual([
    expect.stringMatching(/\.jsonl by rule session-id, of \d+ logs; runners-up: none$/),
  ]);
  expect(messagesOf("window")).toEqual([expect.stringMatching(/^start to end: bytes \d+ to \d+$/)]);
  expect(messagesOf("run")).toEqual([expect.stringMatching(/^first run, bytes \d+ to \d+$/)]);
  expect(messagesOf("evaluator")).toEqual(["builtin, set by the command line"]);
  expect(messagesOf("pages")).toEqual([
    expect.stringMatching(/: \d+ pages? and \d+ timeline pages?, rendered from page 1 on$/),
  ]);
  expect(messagesOf("entry")).toEqual([expect.stringMatching(/^run [0-9a-f]{16} by builtin in \S+: appended$/)]);
  expect(messagesOf("lock")).toContainEqual(expect.stringMatching(/entries\.jsonl\.lock after \d+ ms$/));
  expect(messagesOf("process")).toContainEqual(
    expect.stringMatching(/^git -C .* rev-parse --show-toplevel: exited 0 after \d+ ms$/),
  );

  const again = await sandbox.ctx(RECORD, { env: { CTX_DEBUG: "1" } });
  expect(again.stderr).toMatch(/ run: exported run [0-9a-f]{16}, bytes /);
});

test.each(["", "0"])("CTX_DEBUG=%j prints nothing", async (value) => {
  await using sandbox = await recorded();
  expect((await sandbox.ctx(EXPORT, { env: { CTX_DEBUG: value } })).stderr).toBe("");
});

test("it prints no prompt and no value of a variable, and escapes control characters", async () => {
  await using sandbox = await Sandbox.create();
  const log = encode(
    meta("01a201e4-cb84-7a11-a7c6-000000000001", { cwd: "/shop" }),
    event("user_message", { message: `Use ${SECRET}` }),
  );
  const name = "a\u001b[2J\u202eb";
  await Bun.write(join(sandbox.work, name, "log.jsonl"), log);
  const env = { CTX_DEBUG: "1", TOKEN: SECRET };
  const { status, stderr } = await sandbox.ctx(["json", `${name}/log.jsonl`, "-o", `${name}/pages`, "--quiet"], {
    env,
  });
  expect(status).toBe(0);
  expect(stderr).toContain("a\\u{1b}[2J\\u{202e}b/pages: 1 page and ");
  for (const hidden of [SECRET, "\u001b", "\u202e"]) expect(stderr).not.toContain(hidden);
});
