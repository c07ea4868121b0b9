// Hundreds of logs (10,000 with `CTX_LOGS=10000 bun test test/catch-up/sync/many.slow.test.ts`): each is recorded once, in
// its repository, by a sync or an export.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { makeManyLogs } from "./many.ts";
import { SyncHome } from "./sync-home.ts";

const LOGS = Number(process.env.CTX_LOGS ?? 100);

let home: SyncHome;

beforeEach(() => {
  home = new SyncHome();
  // Sessions start an hour apart.
  home.now = new Date("2030-01-01T00:00:00.000Z");
});
afterEach(() => home.remove());

test(
  `${LOGS} logs of both tools: each is recorded once, in its repository`,
  async () => {
    const { roots, places, several, nowhere } = await makeManyLogs(home, LOGS);
    /** The repository of every entry, by session. */
    const recorded = () =>
      roots.flatMap((root) => home.rows(root).map(({ session_id }) => [session_id, root] as const));

    // Some sessions were exported before the sync.
    const [first = "", second = ""] = roots;
    const early = [...places].filter(([, root]) => root === first || root === second).slice(0, 6);
    for (const [id, root] of early) {
      const tool = id.includes("-4000-") ? "claude" : "codex";
      await home.exportLatest(root, { tool, id, name: "", log: "" }, { changelog: root === first });
    }
    const began = performance.now();
    const planned = await home.plan();
    const planMs = performance.now() - began;
    expect(new Set(planned.scan.skippedSessions.map(({ log, reason }) => `${log.head.sessionId} ${reason}`))).toEqual(
      new Set([...[...several].map((id) => `${id} several`), ...[...nowhere].map((id) => `${id} no-repository`)]),
    );

    const half = performance.now();
    const { result } = await home.sync({ limit: Math.ceil(LOGS / 2) });
    await Promise.all([home.sync(), home.sync()]);
    const workMs = performance.now() - half;
    expect(result).toMatchObject({ failed: [], damaged: [] });
    expect(recorded().sort()).toEqual([...places].sort());

    const again = performance.now();
    expect((await home.plan()).runs).toBe(0);
    const againMs = performance.now() - again;
    for (const root of [first, second]) expect(await home.backfill(root)).toMatchObject({ recorded: 0 });
    for (const [id, root] of [...places].slice(0, 6)) {
      const tool = id.includes("-4000-") ? "claude" : "codex";
      await home.exportLatest(root, { tool, id, name: "", log: "" });
    }
    expect(recorded().sort()).toEqual([...places].sort());
    if (process.env.CTX_LOGS !== undefined) {
      const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
      process.stdout.write(
        `${LOGS} logs, ${places.size} recorded in ${roots.length} repositories: planned in ${Math.round(planMs)} ms, recorded in ${Math.round(workMs)} ms, planned again in ${Math.round(againMs)} ms; peak ${peakMb} MB\n`,
      );
    }
  },
  60_000 + LOGS * 500,
);
