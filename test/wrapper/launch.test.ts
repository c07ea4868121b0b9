import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type PendingRun, pendingFolder } from "../../src/runs/pending.ts";
import { launch } from "../../src/wrapper/launch.ts";

let base: string;

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "ctx-launch-")));
});
afterEach(() => rmSync(base, { recursive: true }));

/** The record of a run between two readings of the clock. */
async function runBetween(start: string, end: string): Promise<PendingRun | undefined> {
  const times = [start, end];
  const { pending } = await launch({
    ...{ ...OPTIONS, tool: "codex", toolArgs: [], ...place(), onNotice: () => {} },
    now: () => new Date((times.length > 1 ? times.shift() : times[0]) ?? 0),
  });
  return pending?.run;
}

const OPTIONS = {
  label: "Fix cart",
  settings: { changelog: null, actor: null, evaluator: null, model: null, timeoutMs: null, repository: null },
  onLogFound: () => {},
};

function place() {
  const tools = { CTX_CODEX_CMD: "true", CTX_CLAUDE_CMD: "true" };
  return { cwd: base, home: base, env: { PATH: process.env.PATH, ...tools, XDG_STATE_HOME: join(base, "state") } };
}

test("a background session starts no run, and a notice names `ctx changelog sync`", async () => {
  const notices: string[] = [];
  const said = { now: () => new Date(), onNotice: (notice: string) => notices.push(notice) };
  const { pending } = await launch({ ...OPTIONS, ...place(), ...said, tool: "claude", toolArgs: ["--bg", "Fix it"] });
  expect(pending).toBeNull();
  expect(notices).toEqual([expect.stringContaining("`ctx changelog sync`")]);
  await launch({ ...OPTIONS, ...place(), ...said, tool: "claude", toolArgs: ["--version"] });
  expect(notices).toHaveLength(1);
});

test("the start of a run is moved before its end if the clock was set back", async () => {
  const run = await runBetween("2026-11-22T09:00:00.000Z", "2026-11-22T08:00:00.000Z");
  expect(run?.ended_at).toBe("2026-11-22T08:00:00.000Z");
  expect(run?.started_at).toMatch(/^2026-11-22T07:59:/);
});

test("the start of a run is kept if the clock was set forward", async () => {
  const run = await runBetween("2026-11-22T09:00:00.000Z", "2026-11-22T12:00:00.000Z");
  expect(run).toMatchObject({ started_at: "2026-11-22T09:00:00.000Z", ended_at: "2026-11-22T12:00:00.000Z" });
});

/** The notices of a run whose tool replaces the folder of pending runs by a file, before or while it runs. */
async function noticesOf(breaks: "before" | "meanwhile"): Promise<string[]> {
  const notices: string[] = [];
  const { env, ...folders } = place();
  const records = pendingFolder(env, base);
  const tool = join(base, "tool");
  // The record may be saved again between the two commands.
  const replace = `until rm -rf "${records}" && touch "${records}" && [ -f "${records}" ]; do :; done 2>/dev/null`;
  writeFileSync(tool, `#!/bin/sh\n${replace}\n`, { mode: 0o755 });
  if (breaks === "before") {
    mkdirSync(dirname(records), { recursive: true });
    writeFileSync(records, "");
  }
  await launch({
    ...OPTIONS,
    ...folders,
    env: { ...env, CTX_CODEX_CMD: tool },
    tool: "codex",
    toolArgs: [],
    now: () => new Date(),
    onNotice: (notice) => notices.push(notice),
  });
  return notices;
}

test.each(["before", "meanwhile"] as const)(
  "a record that cannot be written %s is reported once, and the tool runs",
  async (breaks) => {
    expect(await noticesOf(breaks)).toEqual([expect.stringMatching(/^a crash would lose this run: /)]);
  },
);
