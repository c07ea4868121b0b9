// A backfill killed at random moments: 50 times over 200 directories with
// `CTX_KILLS=50 CTX_DIRECTORIES=200 bun test test/catch-up/backfill/kills.slow.test.ts`.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { cpSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readRuns } from "../../../src/changelog/store.ts";
import { sessionInName } from "../../../src/runs/recorded-entries.ts";
import { CTX } from "../../program.ts";
import { Random, SEED } from "../../seeded-random.ts";
import { makeMany } from "./many.ts";
import { BackfillProject } from "./project.ts";

const KILLS = Number(process.env.CTX_KILLS ?? 4);
const DIRECTORIES = Number(process.env.CTX_DIRECTORIES ?? 9);

const random = new Random(SEED);

let project: BackfillProject;

beforeEach(async () => {
  project = await BackfillProject.create();
});
afterEach(() => project.remove());

function start() {
  const argv = [...CTX, "changelog", "backfill", "--actor", "ada", "--evaluator", "builtin", "--json"];
  return Bun.spawn(argv, { cwd: project.root, env: project.env, stdio: ["ignore", "pipe", "pipe"] });
}

async function finish() {
  const child = start();
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { code: await child.exited, result: JSON.parse(stdout || "null"), stderr };
}

/** All rows, without their `created_at`, sorted. */
function rows(): string[] {
  return ["ada", "grace"]
    .flatMap((actor) => project.rows(actor))
    .map((row) => JSON.stringify({ ...row, created_at: null }))
    .sort();
}

/** The runs with entries, in the form of `makeMany`. */
function recordedRuns(): string[] {
  const files = ["ada", "grace"].map((actor) => join(project.root, ".changelog", actor, "entries.jsonl"));
  const entries = files.flatMap((file) => readRuns(file).entries);
  return entries.map(({ session_id, transcript, end }) => {
    return `${session_id ?? sessionInName(transcript.source_jsonl ?? "")} ${end}`;
  });
}

test(
  `${DIRECTORIES} directories of every kind: one entry per run, even after ${KILLS} kills (CTX_SEED=${SEED})`,
  async () => {
    const expected = await makeMany(project, DIRECTORIES);
    const changelog = join(project.root, ".changelog");
    cpSync(changelog, join(project.base, "before"), { recursive: true });

    const began = performance.now();
    const whole = await finish();
    const durationMs = performance.now() - began;
    expect(whole).toMatchObject({ code: 0, result: { remaining: 0, failed: [] } });
    expect(recordedRuns().sort()).toEqual([...expected.runs].sort());
    const undisturbed = rows();

    rmSync(changelog, { recursive: true });
    cpSync(join(project.base, "before"), changelog, { recursive: true });
    let killed = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const child = start();
      // Chosen so that a backfill is killed both while planning and while recording, and does not finish too early.
      const timer = setTimeout(() => child.kill("SIGKILL"), random.next() * ((2 * durationMs) / KILLS + 500));
      await child.exited;
      clearTimeout(timer);
      if (child.signalCode === "SIGKILL") killed += 1;
    }
    const last = await finish();
    expect(last.code).toBe(0);
    expect(rows()).toEqual(undisturbed);
    expect(readdirSync(changelog).filter((name) => name.includes(".lock"))).toEqual([]);

    const again = await finish();
    expect(again).toMatchObject({ code: 0, result: { runs: expect.any(Number), recorded: 0, upgraded: 0 } });
    expect(rows()).toEqual(undisturbed);
    if (process.env.CTX_KILLS !== undefined) {
      const { recorded, remaining } = last.result;
      process.stdout.write(
        `${expected.runs.size} runs, ${undisturbed.length} rows, recorded without a kill in ${Math.round(durationMs)} ms; killed ${killed} of ${KILLS} times, ${recorded} recorded by the last backfill, ${remaining} remaining\n`,
      );
    }
  },
  120_000 + (KILLS + DIRECTORIES) * 5_000,
);
