// `ctx` killed at random moments of a run. `CTX_KILLS=100 bun test test/clients/wrapper-kills.test.ts` does it 100 times.
import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../src/system/errors.ts";
import { Random, SEED } from "../seeded-random.ts";
import { expectOneEntry, FILES, killedScript } from "./killed-run.ts";
import { WrapperSandbox } from "./wrapper-sandbox.ts";

const KILLS = Number(process.env.CTX_KILLS ?? 3);
const VERSIONS = ["0.169.0", "0.101.0"];
const random = new Random(SEED);
const NEVER_MS = 600_000;
const EVALUATORS = ["builtin", "codex"] as const;

/** Tells when Codex has come and gone; an evaluation does not count. */
const TOOL = `case "$*" in *--output-schema* | *--help* | *--version*) exec "$CODEX" "$@" ;; esac
touch "$PLACE/started"
"$CODEX" "$@"
touch "$PLACE/ended"`;

/** One run whose `ctx` is killed after so long; gives how long it lasted, and where it was killed. */
async function killedRun(round: number, afterMs: number): Promise<{ lastedMs: number; stage: string }> {
  const evaluator = EVALUATORS[round % 2] ?? "builtin";
  const version = VERSIONS[(round >> 1) % 2] ?? "0.169.0";
  await using sandbox = await WrapperSandbox.create(version, { script: killedScript(() => {}), files: FILES });
  sandbox.env.CTX_CHANGELOG_EVALUATOR = evaluator;
  await sandbox.wrapTool(TOOL);
  const is = (name: string) => existsSync(join(sandbox.home, name));

  const began = performance.now();
  const ctx = sandbox.startExec("Fix cart", "Give the cart totals");
  const kill = setTimeout(() => ctx.kill("SIGKILL"), afterMs);
  await ctx.exited;
  clearTimeout(kill);
  const lastedMs = performance.now() - began;
  const wasKilled = ctx.signalCode === "SIGKILL";
  const stage = !wasKilled ? "not at all" : is("ended") ? "after Codex" : is("started") ? "with Codex" : "before Codex";

  const told = (await sandbox.recover()).map(({ status }) => status).join(", ");
  // What was given up while Codex was still at work is lost: look again when it is gone.
  while (is("started") && !is("ended")) await Bun.sleep(20);
  const where = `killed ${stage}, ${Math.round(lastedMs)} ms after its start, Codex ${version}, ${evaluator}, then ${told}`;
  if (is("ended")) await expectOneEntry(sandbox, evaluator).catch((error) => complain(where, error));
  else {
    const left = [await sandbox.entries(), await sandbox.directories(), await sandbox.pending()].flat();
    if (left.length > 0) complain(where, `it left ${JSON.stringify(left)}`);
  }
  return { lastedMs, stage };
}

function complain(where: string, problem: unknown): never {
  throw new Error(`${where}: ${Bun.stripANSI(messageOf(problem))}`);
}

test(
  `${KILLS} runs whose ctx is killed at random moments (CTX_SEED=${SEED}): each has one entry of all it did`,
  async () => {
    // How long a run lasts that nobody disturbs, without and with an evaluation.
    const lasted = [await killedRun(0, NEVER_MS), await killedRun(1, NEVER_MS)].map(({ lastedMs }) => lastedMs);
    const problems: string[] = [];
    for (let round = 0; round < KILLS; round += 1) {
      const told = await killedRun(round, random.next() * (lasted[round % 2] ?? 0)).then(
        ({ stage, lastedMs }) => `killed ${stage}, after ${Math.round(lastedMs)} ms`,
        (error: unknown) => {
          problems.push(messageOf(error));
          return `wrong: ${messageOf(error)}`;
        },
      );
      if (process.env.CTX_KILLS !== undefined) process.stdout.write(`${round + 1} of ${KILLS}: ${told}\n`);
    }
    expect(problems).toEqual([]);
  },
  (KILLS + 2) * 120_000,
);
