// Every command that prints, on a terminal, with a log, a repository and a model full of escape sequences.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, realpath, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { call, encode, event, meta, output } from "../agents/codex/rollout.ts";
import { CTX } from "../program.ts";
import { FORGED, NASTY, tricksIn } from "./hostile-text.ts";
import { Sandbox } from "./sandbox.ts";

const ID = "01a201e4-cb84-7a11-a7c6-000000000001";
const OTHER = "01a201e4-cb84-7a11-a7c6-000000000002";
const LOG = `../../home/.codex/sessions/2026/11/22/rollout-2026-11-22T06-00-00-${ID}.jsonl`;
const SECRET = `ghp_${"a1B2c3D4e5F6g7H8i9J0".repeat(2)}`;
const RUN = ["export-latest", "--tool", "codex", "--session-id", ID];
const CHANGELOG = ["--changelog", "--changelog-actor", "ada", "--changelog-evaluator"];
const BACKFILL = ["changelog", "backfill", "--actor", "ada", "--evaluator"];

let sandbox: Sandbox;
/** A repository in a folder with a hostile name. */
let work: string;

beforeAll(async () => {
  sandbox = await Sandbox.create();
  work = join(await realpath(sandbox.work), NASTY);
  await mkdir(work);
  await sandbox.run(["git", "init", "--quiet", "--initial-branch", "a\u202e\u009b31m\u200bb"], { cwd: work });
  await writeFile(join(work, ".ai-code-sessions.toml"), configuration());
  await writeFile(join(work, NASTY), `token=${SECRET}\n`);
  await sandbox.run(["git", "add", NASTY], { cwd: work });
  await writeLog(ID, 0);
  await writeLog(OTHER, 60);
  sandbox.env.BROWSER = join(sandbox.root, "browser");
  await writeFile(sandbox.env.BROWSER, "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  sandbox.env.CTX_CODEX_CMD = join(sandbox.root, "codex");
});
afterAll(() => sandbox[Symbol.asyncDispose]());

function configuration(): string {
  const text = JSON.stringify(NASTY).replace(
    /[\u007f-\uffff]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  const value = text.replace(/\\ud[89a-f].{2}/g, "");
  return `[ctx]\nactor = ${value}\ncodex_cmd = ${value}\n${value} = 1\n[${value}]\nx = ${value}\n[changelog]\nactor = ${value}\n`;
}

async function writeLog(id: string, second: number): Promise<void> {
  const folder = join(sandbox.env.CODEX_HOME ?? "", "sessions/2026/11/22");
  await mkdir(folder, { recursive: true });
  const records = [
    meta(
      id,
      { cwd: work, cli_version: NASTY, originator: NASTY, git: { branch: NASTY, repository_url: NASTY } },
      second,
    ),
    event("user_message", { message: NASTY }, second),
    call("c1", "shell", { command: ["bash", "-c", `cat '${NASTY}'; npm test '${NASTY}'`] }, second + 1),
    output("c1", { output: NASTY, metadata: { exit_code: 1, duration_seconds: 1 } }, second + 1),
    call(
      "c2",
      "apply_patch",
      { input: `*** Begin Patch\n*** Add File: ${NASTY.replace(/[\r\n\u2028]/g, "")}\n+x\n*** End Patch` },
      second + 2,
    ),
    output("c2", NASTY, second + 2),
    event("error", { message: NASTY }, second + 3),
    event("agent_message", { message: NASTY }, second + 3),
    event(NASTY, {}, second + 3),
    { timestamp: NASTY, type: NASTY, payload: {} },
    `{"broken": "${NASTY}`,
  ];
  await writeFile(join(folder, `rollout-2026-11-22T06-00-0${second === 0 ? 0 : 1}-${id}.jsonl`), encode(...records));
}

/** Installs a `codex` that prints this answer; null makes it fail. */
async function useCodex(answer: string | null): Promise<void> {
  const failed = JSON.stringify({ type: "turn.failed", error: { message: NASTY } });
  const files = { answer: answer ?? "", failed: `${failed}\n`, complaint: NASTY, version: `codex-cli 9.9.9${NASTY}\n` };
  for (const [name, text] of Object.entries(files)) await writeFile(join(sandbox.root, name), text);
  const script = `#!/bin/sh
case "$*" in
  --version) cat '${sandbox.root}/version'; exit;;
  "exec --help") printf '      --json\\n      --output-schema <FILE>\\n'; exit;;
esac
while [ $# -gt 0 ]; do [ "$1" = --output-last-message ] && ANSWER=$2; shift; done
${answer === null ? `cat '${sandbox.root}/complaint' >&2; cat '${sandbox.root}/failed'; exit 1` : `cat '${sandbox.root}/answer' > "$ANSWER"`}
`;
  await writeFile(sandbox.env.CTX_CODEX_CMD ?? "", script, { mode: 0o755 });
}

/** Runs `ctx` on a terminal and returns what it shows there, standard output and standard error. */
async function show(args: readonly string[], keys = ""): Promise<{ shown: string; status: number | string | null }> {
  let shown = "";
  const decoder = new TextDecoder();
  const child = Bun.spawn([...CTX, ...args], {
    cwd: work,
    env: { ...sandbox.env, TERM: "xterm-256color", COLUMNS: "200" },
    terminal: {
      cols: 200,
      rows: 50,
      data(terminal, bytes) {
        shown += decoder.decode(bytes, { stream: true });
        if (keys === "" || !shown.includes("Type: to search")) return;
        terminal.write(keys);
        keys = "";
      },
    },
  });
  await child.exited;
  return { shown, status: child.exitCode ?? child.signalCode };
}

/** The order matters: each command uses what the previous ones wrote. */
const COMMANDS: readonly [args: readonly string[], status: number][] = [
  [["find-source", "--tool", "codex", "--session-id", ID, "--verbose"], 0],
  [["find-source", "--tool", "codex", "--cwd", ".", "--json"], 0],
  [["find-source", "--tool", "codex", "--session-id", NASTY], 1],
  [[NASTY], 2],
  [["find-source", `--${NASTY}`], 2],
  [["json", NASTY.slice(3), "-o", "pages"], 1],
  [["config", "show"], 0],
  [["config", "show", "--json"], 0],
  [[...RUN, "--dry-run", ...CHANGELOG, "builtin"], 0],
  [[...RUN, "--dry-run", ...CHANGELOG, "codex"], 0],
  [[...RUN, "--label", NASTY, "--verbose", ...CHANGELOG, "codex"], 0],
  [[...RUN.slice(0, -1), OTHER, "--label", NASTY, "--json"], 0],
  [[...BACKFILL, "codex", "--dry-run"], 0],
  [[...BACKFILL, "codex", "--dry-run", "--json"], 0],
  [[...BACKFILL, "codex", "--retry-failed"], 1],
  [["scan", "."], 1],
  [["scan", "--staged"], 1],
  [["scan", "--json", "."], 1],
  [["archive"], 0],
  [["archive", "--json", "--open"], 0],
  [["open", "--latest"], 0],
  [["json", ".", "-o", "pages"], 1],
  [["json", LOG, "-o", "pages"], 0],
  [["recover"], 0],
];

test("no command prints control characters or forged messages on a terminal", async () => {
  await useCodex(null);
  for (const [args, status] of COMMANDS) {
    const ended = await show(args);
    expect({ args, tricks: tricksIn(ended.shown), status: ended.status, shown: ended.shown }).toEqual({
      args,
      tricks: [],
      status,
      shown: expect.not.stringMatching(FORGED),
    });
  }
}, 120_000);

test("nor does a Markdown rendering", async () => {
  const { shown, status } = await show(["json", LOG, "--format", "md"]);
  expect({ status, tricks: tricksIn(shown) }).toEqual({ status: 0, tricks: [] });
  expect(shown).toContain("before");
});

test("nor does a model's answer or a list to choose from", async () => {
  const said = NASTY.replace("before", "Totals are right ");
  await useCodex(JSON.stringify({ summary: said, bullets: [said], tags: [said.slice(0, 40)], notes: said }));
  const backfill = await show([...BACKFILL, "codex", "--retry-failed", "--verbose"]);
  expect({ ...backfill, tricks: tricksIn(backfill.shown) }).toEqual({
    status: 0,
    tricks: [],
    shown: expect.any(String),
  });
  for (const list of [["resume", "codex"], ["open"]]) {
    const { shown, status } = await show(list, "\u0003");
    expect([130, "SIGINT"]).toContain(status ?? 0);
    expect(shown).toContain("before");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes that draw the list itself
    const drawn = shown.replace(/\u001b\[(?:\?25[hl]|\d*[ABCDGJ])/g, "");
    expect(tricksIn(drawn)).toEqual([]);
  }
}, 60_000);
