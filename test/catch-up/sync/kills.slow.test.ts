// A sync killed at random moments, with and without session directories: 50 times over 40 logs with
// `CTX_KILLS=50 CTX_LOGS=40 bun test test/catch-up/sync/kills.slow.test.ts`.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { CTX } from "../../program.ts";
import { Random, SEED } from "../../seeded-random.ts";
import { makeManyLogs } from "./many.ts";
import { SyncHome } from "./sync-home.ts";

const KILLS = Number(process.env.CTX_KILLS ?? 2);
/** Sessions start an hour apart, none in the future. */
const LOGS = Math.min(Number(process.env.CTX_LOGS ?? 16), 40);

const random = new Random(SEED);

let home: SyncHome;

beforeEach(() => {
  home = new SyncHome();
});
afterEach(() => home.remove());

function start(words: readonly string[]) {
  const argv = [
    ...CTX,
    "changelog",
    "sync",
    "--actor",
    "ada",
    "--evaluator",
    "builtin",
    "--since",
    "2020-01-01",
    ...words,
  ];
  return Bun.spawn(argv, { cwd: home.base, env: home.env, stdio: ["ignore", "ignore", "pipe"] });
}

test.each([
  ["without session directories", []],
  ["with session directories", ["--export"]],
])(
  `every session has one entry after kills at random moments (CTX_SEED=${SEED}), %s`,
  async (_, words) => {
    const { roots, places } = await makeManyLogs(home, LOGS);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const child = start(words);
      const timer = setTimeout(() => child.kill("SIGKILL"), 300 + random.next() * LOGS * 200);
      await child.exited;
      clearTimeout(timer);
    }
    const last = start(words);
    const stderr = await last.stderr.text();
    expect({ status: await last.exited, stderr }).toMatchObject({ status: 0 });
    const recorded = roots.flatMap((root) => home.rows(root).map(({ session_id }) => [session_id, root]));
    expect(recorded.sort()).toEqual([...places].sort());
    for (const root of roots.filter((path) => existsSync(join(path, ".changelog")))) {
      expect(readdirSync(join(root, ".changelog")).filter((name) => name.includes(".lock"))).toEqual([]);
      for (const { session_dir } of home.rows(root)) expect(session_dir !== null).toBe(words.length > 0);
    }
    expect((await home.plan()).runs).toBe(0);
  },
  120_000 + KILLS * LOGS * 2_000,
);
