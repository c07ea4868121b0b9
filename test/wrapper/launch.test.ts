import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PendingRun } from "../../src/runs/pending.ts";
import { launch } from "../../src/wrapper/launch.ts";

let base: string;

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "ctx-launch-")));
});
afterEach(() => rmSync(base, { recursive: true }));

/** The record of a run, of which the clock shows the start and then its end. */
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

test("a session that goes on in the background is left to sync, which is said", async () => {
  const notices: string[] = [];
  const said = { now: () => new Date(), onNotice: (notice: string) => notices.push(notice) };
  const { pending } = await launch({ ...OPTIONS, ...place(), ...said, tool: "claude", toolArgs: ["--bg", "Fix it"] });
  expect(pending).toBeNull();
  expect(notices).toEqual([expect.stringContaining("`ctx changelog sync`")]);
  await launch({ ...OPTIONS, ...place(), ...said, tool: "claude", toolArgs: ["--version"] });
  expect(notices).toHaveLength(1);
});

test("a run whose clock was set back began before its end, so that its records lie within it", async () => {
  const run = await runBetween("2026-11-22T09:00:00.000Z", "2026-11-22T08:00:00.000Z");
  expect(run?.ended_at).toBe("2026-11-22T08:00:00.000Z");
  expect(run?.started_at).toMatch(/^2026-11-22T07:59:/);
});

test("a clock that was set forward changes nothing about when the run began", async () => {
  const run = await runBetween("2026-11-22T09:00:00.000Z", "2026-11-22T12:00:00.000Z");
  expect(run).toMatchObject({ started_at: "2026-11-22T09:00:00.000Z", ended_at: "2026-11-22T12:00:00.000Z" });
});
