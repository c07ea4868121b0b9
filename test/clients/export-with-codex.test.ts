// End to end: a real Codex works, `ctx` exports, and a real Codex evaluates. The endpoint shows what reached the model.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { entrySchema } from "../../src/changelog/entry.ts";
import { run } from "../../src/system/spawn.ts";
import { CTX } from "../program.ts";
import { codexPath, NEWEST_CODEX } from "./clients.ts";
import { prepareCodex, prepareRepository, runCodex } from "./codex-session.ts";
import { startResponsesEndpoint } from "./responses-endpoint.ts";

const CODEX = codexPath(NEWEST_CODEX);
const PROMPT = "Give the shop a greeting, and never mind the key";
const SECRET = `ghp_${"a1B2c3D4e5F6g7H8i9J0".repeat(2)}`;
const DESCRIPTION = {
  summary: "Added a greeting to the shop.",
  bullets: ["The shop says hello to its visitors."],
  tags: ["feat"],
  notes: null,
};

let home: string;
beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), "ctx-whole-")));
});
afterEach(() => rm(home, { recursive: true, force: true }));

test("the evaluator gets the digest without outputs of successful commands, secrets or injected context", async () => {
  const repository = join(home, "shop");
  const session = await startResponsesEndpoint([
    { run: `echo OUTPUT-OF-SUCCESS; export TOKEN=${SECRET}` },
    { run: `echo FIRST-LINE-OF-FAILURE; seq 200; echo LAST-LINE ${SECRET} >&2; exit 3` },
    { run: "echo hello > greeting.txt && git add -A && git commit -qm 'feat: greeting'" },
    { say: `Done, and the key was ${SECRET}.` },
  ]);
  const sandbox = await prepareCodex({ home, url: session.url });
  await prepareRepository(sandbox, repository, { "AGENTS.md": "INJECTED-INSTRUCTIONS\n", "shop.txt": "shop\n" });
  await runCodex(sandbox, { codex: CODEX, cwd: repository, args: ["-m", "gpt-5.5", PROMPT] });
  await session.stop();
  expect(JSON.stringify(session.requests)).toContain("INJECTED-INSTRUCTIONS");

  const model = await startResponsesEndpoint([{ say: JSON.stringify(DESCRIPTION) }]);
  await prepareCodex({ home, url: model.url });
  const exported = await run(
    [
      ...([...CTX, "export-latest", "--tool", "codex", "--cwd", repository, "--json"] as const),
      ...["--changelog", "--changelog-actor", "ada", "--changelog-evaluator", "codex"],
    ],
    { cwd: home, env: { ...sandbox.env, CTX_CODEX_CMD: CODEX } },
  );
  await model.stop();
  expect(exported).toMatchObject({ code: 0 });
  expect(JSON.parse(exported.stdout).run.prompts).toEqual([PROMPT]);

  const row = await readFile(join(repository, ".changelog/ada/entries.jsonl"), "utf8");
  const entry = entrySchema.parse(JSON.parse(row));
  expect(entry).toMatchObject({ ...DESCRIPTION, touched_files: { created: ["greeting.txt"], modified: [] } });
  expect(entry.evaluator).toMatchObject({ name: "codex", version: NEWEST_CODEX, digest: "full", output_tokens: 50 });
  expect(entry.evaluator.input_tokens).toBeGreaterThan(0);

  const [request] = model.requests.filter(({ path }) => path.endsWith("/responses"));
  const body = JSON.stringify(request?.body);
  expect(body).toContain("ctx-digest-1");
  expect(body).toContain(PROMPT);
  expect(body).toContain("LAST-LINE [REDACTED:github-token]");
  expect(`${body}${row}`).not.toContain(SECRET);
  expect(body).not.toContain("FIRST-LINE-OF-FAILURE\\");
  expect(body).not.toContain("INJECTED-INSTRUCTIONS");
  expect(body.match(/OUTPUT-OF-SUCCESS/g)).toHaveLength(1);
  expect(body.match(/prompt\\":/g)).toHaveLength(1);
}, 120_000);
