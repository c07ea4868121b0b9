import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch } from "../../src/wrap/launch.ts";
import type { PendingRun } from "../../src/wrap/pending.ts";

let base: string;

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "ctx-launch-")));
});
afterEach(() => rmSync(base, { recursive: true }));

/** The record of a run, of which the clock shows the start and then its end. */
async function runBetween(start: string, end: string): Promise<PendingRun | undefined> {
  const times = [start, end];
  const { pending } = await launch({
    tool: "codex",
    toolArgs: [],
    label: "Fix cart",
    settings: { changelog: null, actor: null, evaluator: null, model: null, timeoutMs: null, repository: null },
    cwd: base,
    env: { PATH: process.env.PATH, CTX_CODEX_CMD: "true", XDG_STATE_HOME: join(base, "state") },
    home: base,
    now: () => new Date((times.length > 1 ? times.shift() : times[0]) ?? 0),
    onNotice: () => {},
    onSeen: () => {},
  });
  return pending?.run;
}

test("a run whose clock was set back began before its end, so that its records lie within it", async () => {
  const run = await runBetween("2026-11-22T09:00:00.000Z", "2026-11-22T08:00:00.000Z");
  expect(run?.ended_at).toBe("2026-11-22T08:00:00.000Z");
  expect(run?.started_at).toMatch(/^2026-11-22T07:59:/);
});

test("a clock that was set forward changes nothing about when the run began", async () => {
  const run = await runBetween("2026-11-22T09:00:00.000Z", "2026-11-22T12:00:00.000Z");
  expect(run).toMatchObject({ started_at: "2026-11-22T09:00:00.000Z", ended_at: "2026-11-22T12:00:00.000Z" });
});
