// A log of a gigabyte, made from a recorded one: what it costs to digest its last five minutes, from a plain and from a
// packed file, and to export what it gained since the last export, whatever stands before it.
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { median, run, type Say } from "./measure.ts";
import type { Report } from "./programs/report.ts";
import { grow, readRecording, STEP_MS, shifted } from "./recorded-log.ts";

const FIVE_MINUTES_MS = 300_000;
const ROUNDS = 5;

export async function benchLargeLog(program: string, scratch: string, megabytes: number, say: Say): Promise<void> {
  const codexHome = join(scratch, "codex");
  const { file, log: recorded, bundle } = await readRecording();
  const log = join(codexHome, file);
  const repository = join(scratch, "shop");
  run(["git", "clone", "--quiet", bundle, repository]);
  const env = { CODEX_HOME: codexHome, HOME: scratch };

  const small = await grow(recorded, log, 1);
  const smallDelta = await exportDelta(program, env, repository, recorded, log, small);
  const end = await grow(recorded, log, megabytes);
  say(`log of ${megabytes} MB, medians of ${ROUNDS}:`);
  digest(log, new Date(end - FIVE_MINUTES_MS).toISOString(), repository, say);
  const delta = await exportDelta(program, env, repository, recorded, log, end);
  say(
    `  export of what was added since the last one: ${delta.toFixed(0)} ms; with 1 MB before it ${smallDelta.toFixed(0)} ms`,
  );
}

/** The plain and the packed log, in turn with parsing every line. */
function digest(log: string, start: string, root: string, say: Say): void {
  run(["zstd", "--quiet", "--force", "-1", log, "-o", `${log}.zst`]);
  const program = (name: string) => [process.execPath, join("scripts/benches/programs", name)];
  const benches = {
    "parsing every line": [...program("parse-every-line.ts"), log],
    "digest of the last five minutes": [...program("digest-window.ts"), log, start, root],
    "the same, packed by zstd": [...program("digest-window.ts"), `${log}.zst`, start, root],
  };
  const runs = Object.entries(benches).map(([name, argv]) => ({ name, argv, took: [run(argv)] }));
  for (let round = 1; round < ROUNDS; round++) for (const { argv, took } of runs) took.push(run(argv));
  for (const { name, took } of runs) {
    const ms = median(took.map((one) => one.ms));
    const peak = Math.max(...took.map(({ stdout }) => reportOf(stdout).megabytes));
    say(`  ${name}: ${ms.toFixed(0)} ms, at most ${peak.toFixed(0)} MB`);
  }
  const [, plain, packed] = runs.map(({ took }) => reportOf(took[0]?.stdout ?? "").result);
  say(`  plain and packed log give ${plain === packed ? "the same digest" : "DIFFERENT digests"}`);
}

function reportOf(stdout: string): Report {
  return JSON.parse(stdout);
}

/** The built program, exporting one more copy of the session each time: the median of a whole run of it. */
async function exportDelta(
  program: string,
  env: Record<string, string>,
  repository: string,
  recorded: string,
  log: string,
  from: number,
): Promise<number> {
  const argv = [
    ...[program, "export-latest", "--tool", "codex", "--cwd", repository, "--label", "bench"],
    ...["--changelog", "--changelog-actor", "bench", "--changelog-evaluator", "builtin"],
  ];
  run(argv, env);
  // What is still being written of the first copy would be waited for.
  run(["sync"]);
  const took: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    await appendFile(log, shifted(recorded, from + round * STEP_MS, false));
    took.push(run(argv, env).ms);
  }
  return median(took);
}
