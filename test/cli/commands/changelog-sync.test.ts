// `ctx changelog sync`; test/catch-up covers which sessions it finds and what it records.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { answers, failsWith, fakeCodex } from "../../catch-up/backfill/project.ts";
import { claudeSession, codexSession, smallSession } from "../../catch-up/sync/made-sessions.ts";
import { SyncHome } from "../../catch-up/sync/sync-home.ts";
import { Terminal } from "../../clients/terminal.ts";
import { CTX } from "../../program.ts";
import { waitForFile } from "../../wait-until.ts";

let home: SyncHome;
let root: string;

beforeEach(async () => {
  home = new SyncHome();
  root = await home.repository();
});
afterEach(() => home.remove());

const WORDS = ["changelog", "sync", "--actor", "ada", "--since", "2020-01-01"];

function start(words: readonly string[], cwd = root) {
  return Bun.spawn([...CTX, ...words], { cwd, env: home.env, stdio: ["ignore", "pipe", "pipe"] });
}

async function ctx(words: readonly string[], cwd = root) {
  const child = start(words, cwd);
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { status: await child.exited, stdout, stderr };
}

const sync = (...words: string[]) => ctx([...WORDS, ...words]);

test("a dry run lists the runs to record with their repositories, and writes nothing", async () => {
  home.addLog(codexSession(1, root));
  home.addLog(claudeSession(2, root));
  const { status, stdout, stderr } = await sync("--evaluator", "builtin", "--dry-run");
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /^record {2}[0-9a-f]{16} {2}2026-\S+ – 2026-\S+ {2}\S+\/shop {2}Fix the empty cart total crash\nrecord {2}.*\n$/,
  );
  expect(stderr).toBe(`2 sessions in 2 logs: 2 runs of 2 sessions to record; no model is used
  \`${root}\`: 2 runs for ada (creates its changelog)
`);
  expect(existsSync(join(root, ".changelog"))).toBe(false);
  const { stdout: json } = await sync("--codex", "--evaluator", "codex", "--dry-run", "--json");
  expect(JSON.parse(json)).toMatchObject({
    ...{ considered: 1, sessions: 1, runs: 1, estimatedTokens: expect.any(Number), left: [] },
    repositories: [{ root, actor: "ada", begins: true, runs: 1 }],
    planned: [{ tool: "codex", repository: root, action: "record" }],
  });
});

test("prints each run, then a table; a second sync has nothing to record", async () => {
  home.addLog(codexSession(1, root));
  home.addLog(claudeSession(2, root));
  const { status, stdout, stderr } = await sync("--evaluator", "builtin", "--max-concurrency", "1");
  expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  expect(stderr).toEndWith(`1 of 2 runs: Fix the empty cart total crash: recorded
2 of 2 runs: Add a multiply function with a: recorded
recorded  2
upgraded  0
skipped   0
failed    0
`);
  const again = await sync("--evaluator", "builtin", "--json");
  expect(again.stderr).toStartWith("2 sessions in 2 logs: nothing to record\n");
  expect(again.stderr).toContain("skipped   2 (2 already recorded)");
  expect(JSON.parse(again.stdout)).toMatchObject({ recorded: 0, remaining: 0, skipped: { recorded: 2 } });
});

test("skips a session with several possible repositories, and prints the command that chooses one", async () => {
  const docs = await home.repository("docs");
  const log = home.addLog(smallSession(1, { cwd: root, edits: [join(docs, "x.md")] }));
  const { status, stderr } = await sync("--evaluator", "builtin");
  expect(status).toBe(0);
  const choice = `ctx changelog sync --source-jsonl ${log} --project-root ${docs}`;
  expect(
    stderr,
  ).toContain(`warning: session ${smallSession(1, { cwd: root }).id} (Do number 1) may belong to several repositories:
  ${docs}: it edited files there
  ${root}: it started there
  choose with \`${choice}\`
`);
  expect(stderr).toContain("skipped   1 (1 with several possible repositories)");
  const decided = await ctx([...choice.split(" ").slice(1), "--evaluator", "builtin", "--actor", "ada"]);
  expect(decided.stderr).toContain("recorded  1\n");
  expect(home.rows(docs)).toHaveLength(1);
  expect((await sync("--evaluator", "builtin")).stderr).toContain("skipped   1 (1 already recorded)");
});

test("skips a session of a repository without a changelog, and prints the command that creates one", async () => {
  delete home.env.CTX_CHANGELOG;
  const docs = await home.repository("docs");
  home.addLog(codexSession(1, root));
  home.addLog(claudeSession(2, docs));
  const { stderr } = await sync("--evaluator", "builtin");
  expect(stderr).toContain(
    `warning: skipped 1 session of \`${docs}\`, which has no changelog; create it with \`ctx changelog sync --project-root ${docs}\`\n`,
  );
  expect(stderr).toContain("recorded  1\n");
  expect(existsSync(join(docs, ".changelog"))).toBe(false);
  expect((await sync("--evaluator", "builtin", "--project-root", docs)).stderr).toContain("1 in other repositories");
  expect(home.rows(docs)).toHaveLength(1);
});

test("does not record a wrapped run again; `--export` writes a session directory like the wrapper's", async () => {
  const log = join(
    home.env.CODEX_HOME ?? "",
    "sessions/2026/11/22",
    `rollout-2026-11-22T06-00-00-${codexSession(1, root).id}.jsonl`,
  );
  mkdirSync(join(log, ".."), { recursive: true });
  const template = join(home.base, "template");
  writeFileSync(template, codexSession(1, root).log.replaceAll(/"timestamp":"[^"]+"/g, '"timestamp":"@NOW@"'));
  const tool = join(home.base, "tool");
  writeFileSync(
    tool,
    `#!/bin/sh\nsleep 1\nsed "s/@NOW@/$(date -u +%Y-%m-%dT%H:%M:%S.900Z)/" '${template}' > '${log}'\nsleep 1\n`,
  );
  chmodSync(tool, 0o755);
  Object.assign(home.env, { CTX_CODEX_CMD: tool, CTX_ACTOR: "ada", CTX_CHANGELOG_EVALUATOR: "builtin" });
  expect(await ctx(["Fix cart", "--codex"])).toMatchObject({ status: 0 });
  expect(home.rows(root)).toMatchObject([{ label: "Fix cart" }]);
  home.addLog(claudeSession(2, root));
  const { stderr } = await sync("--export");
  expect(stderr).toContain("recorded  1\n");
  expect(stderr).toContain("(1 already recorded)");
  expect(home.rows(root)).toHaveLength(2);
  expect(existsSync(join(root, home.rows(root)[1]?.transcript.index_html ?? "nothing"))).toBe(true);
  expect((await ctx(["changelog", "backfill"])).stderr).toContain("nothing to record");
});

test("a usage limit exits 75, and each exported session has its entry", async () => {
  for (const hour of [1, 2, 3]) home.addLog(codexSession(hour, root));
  const limit = failsWith("You've hit your usage limit. Try again in 2 hours.");
  home.env.CTX_CODEX_CMD = fakeCodex(
    home.base,
    `if [ -e "$PLACE/first" ]; then ${limit}\nfi\ntouch "$PLACE/first"\n${answers}`,
  );
  const { status, stderr } = await sync("--evaluator", "codex", "--max-concurrency", "1", "--export");
  expect(status).toBe(75);
  expect(stderr).toContain("1 of 3 runs recorded");
  expect(stderr).toMatch(/hint: run `ctx changelog sync` again after 20\d\d-\S+Z\n$/);
  expect(home.rows(root)).toHaveLength(1);
  home.env.CTX_CODEX_CMD = fakeCodex(home.base, answers);
  expect(await sync("--evaluator", "codex", "--export")).toMatchObject({ status: 0 });
  expect(home.rows(root).map(({ summary, session_dir }) => [summary, session_dir !== null])).toEqual(
    [1, 2, 3].map(() => ["Done.", true]),
  );
});

test("Ctrl-C stops it cleanly, and the next sync continues", async () => {
  for (const hour of [1, 2, 3]) home.addLog(codexSession(hour, root));
  home.env.CTX_CODEX_CMD = fakeCodex(
    home.base,
    `if mkdir "$PLACE/first"; then :; else touch "$PLACE/asked"; sleep 600; fi\n${answers}`,
  );
  const child = start([...WORDS, "--evaluator", "codex", "--max-concurrency", "1"]);
  await waitForFile(join(home.base, "asked"));
  child.kill("SIGINT");
  expect(await child.stderr.text()).toContain("2 runs not recorded yet: run `ctx changelog sync` to continue");
  expect(await child.exited).toBe(130);
  expect(home.rows(root)).toHaveLength(1);
  home.env.CTX_CODEX_CMD = fakeCodex(home.base, answers);
  expect(await sync("--evaluator", "codex")).toMatchObject({ status: 0 });
  expect(home.rows(root)).toHaveLength(3);
});

test("`--retry-failed` retries failed runs, and `--no-upgrade` skips them", async () => {
  home.addLog(codexSession(1, root));
  home.env.CTX_CODEX_CMD = fakeCodex(home.base, failsWith("boom at line 429"));
  expect(await sync("--evaluator", "codex")).toMatchObject({ status: 1 });
  home.env.CTX_CODEX_CMD = fakeCodex(home.base, answers);
  expect((await sync("--evaluator", "codex")).stderr).toContain("1 failed before (`--retry-failed` retries them)");
  expect((await sync("--evaluator", "codex", "--no-upgrade")).stderr).toContain("1 recorded without a model");
  expect((await sync("--evaluator", "codex", "--retry-failed")).stderr).toContain("upgraded  1\n");
  expect(home.rows(root).map(({ evaluator }) => evaluator.name)).toEqual(["builtin", "codex"]);
});

test.each([
  [["--since", "tomorrow-ish"], "`--since` must be"],
  [["--since", "2026-11-22", "--until", "2026-11-20"], "`--since` is after `--until`"],
])("%j is wrong usage", async (words, problem) => {
  const { status, stderr } = await ctx(["changelog", "sync", ...words]);
  expect(status).toBe(2);
  expect(stderr).toStartWith(`error: ${problem}`);
});

test("asks on a terminal which repository a session belongs to", async () => {
  const docs = await home.repository("docs");
  for (const number of [1, 2, 3]) home.addLog(smallSession(number, { cwd: root, edits: [join(docs, "x.md")] }));
  await using terminal = await Terminal.open({ cwd: root, env: home.env });
  await terminal.enter(`${[...CTX, ...WORDS, "--evaluator", "builtin"].join(" ")}; echo "status $?"`);
  await terminal.waitFor("(1 of 3)");
  await terminal.press("Enter");
  await terminal.waitFor("(2 of 3)");
  await terminal.press("Down", "Enter");
  await terminal.waitFor("(3 of 3)");
  await terminal.press("Down", "Down", "Enter");
  expect(await terminal.waitFor("status 0")).toContain("1 with several possible repositories");
  expect([home.rows(docs).length, home.rows(root).length]).toEqual([1, 1]);
});
