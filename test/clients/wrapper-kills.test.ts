// `ctx` is killed at random moments of a run: 3 times, or `CTX_KILLS` times.
import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../src/system/errors.ts";
import { Random, SEED } from "../seeded-random.ts";
import { waitForFile } from "../wait-until.ts";
import { CODEX_VERSIONS, NEWEST_CODEX } from "./clients.ts";
import { expectOneEntry, FILES, killedScript } from "./killed-run.ts";
import { WrapperSandbox } from "./wrapper-sandbox.ts";

const KILLS = Number(process.env.CTX_KILLS ?? 3);
const random = new Random(SEED);
const NEVER_MS = 600_000;
const EVALUATORS = ["builtin", "codex"] as const;

/** Creates files when Codex starts and ends, except for evaluations. */
const TOOL = `case "$*" in *--output-schema* | *--help* | *--version*) exec "$CODEX" "$@" ;; esac
touch "$PLACE/started"
"$CODEX" "$@"
touch "$PLACE/ended"`;

/** A run whose `ctx` is killed after `afterMs`. Returns how long it lasted, and when it was killed. */
async function killedRun(round: number, afterMs: number): Promise<{ lastedMs: number; stage: string }> {
  const evaluator = EVALUATORS[round % 2] ?? "builtin";
  const version = CODEX_VERSIONS[(round >> 1) % CODEX_VERSIONS.length] ?? NEWEST_CODEX;
  await using sandbox = await WrapperSandbox.create(version, { script: killedScript(() => {}), files: FILES });
  sandbox.env.CTX_CHANGELOG_EVALUATOR = evaluator;
  await sandbox.wrapTool(TOOL);
  const has = (name: string) => existsSync(join(sandbox.home, name));

  const began = performance.now();
  const ctx = sandbox.startExec("Fix cart", "Give the cart totals");
  const kill = setTimeout(() => ctx.kill("SIGKILL"), afterMs);
  await ctx.exited;
  clearTimeout(kill);
  const lastedMs = performance.now() - began;
  const wasKilled = ctx.signalCode === "SIGKILL";
  const stage = !wasKilled ? "never" : has("ended") ? "after Codex" : has("started") ? "with Codex" : "before Codex";

  const outcomes = (await sandbox.recover()).map(({ status }) => status).join(", ");
  // Checks after Codex has ended, because a run that was wrongly given up while Codex still worked would be lost.
  if (has("started")) await waitForFile(join(sandbox.home, "ended"));
  const where = `killed ${stage}, ${Math.round(lastedMs)} ms after its start, Codex ${version}, ${evaluator}, then ${outcomes}`;
  if (has("ended")) await expectOneEntry(sandbox, evaluator).catch((error) => fail(where, error));
  else {
    const left = [await sandbox.entries(), await sandbox.directories(), await sandbox.pending()].flat();
    if (left.length > 0) fail(where, `it left ${JSON.stringify(left)}`);
  }
  return { lastedMs, stage };
}

function fail(where: string, problem: unknown): never {
  throw new Error(`${where}: ${Bun.stripANSI(messageOf(problem))}`);
}

test(
  `${KILLS} runs whose ctx is killed at random moments (CTX_SEED=${SEED}) have exactly one complete entry each`,
  async () => {
    // The durations of undisturbed runs, without and with an evaluation.
    const durations = [await killedRun(0, NEVER_MS), await killedRun(1, NEVER_MS)].map(({ lastedMs }) => lastedMs);
    const problems: string[] = [];
    for (let round = 0; round < KILLS; round += 1) {
      const outcome = await killedRun(round, random.next() * (durations[round % 2] ?? 0)).then(
        ({ stage, lastedMs }) => `killed ${stage}, after ${Math.round(lastedMs)} ms`,
        (error: unknown) => {
          problems.push(messageOf(error));
          return `failed: ${messageOf(error)}`;
        },
      );
      if (process.env.CTX_KILLS !== undefined) process.stdout.write(`${round + 1} of ${KILLS}: ${outcome}\n`);
    }
    expect(problems).toEqual([]);
  },
  (KILLS + 2) * 120_000,
);
