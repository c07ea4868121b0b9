// Times digesting the last five minutes of a log of a gigabyte, plain and compressed, and exporting what was appended to it
// since the last export.
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { median, type Print, run } from "./measure.ts";
import type { Report } from "./programs/report.ts";
import { readRecording, STEP_MS, shifted, writeLargeLog } from "./recorded-log.ts";

const FIVE_MINUTES_MS = 300_000;
const ROUNDS = 5;

export async function benchLargeLog(program: string, scratch: string, megabytes: number, print: Print): Promise<void> {
  const codexHome = join(scratch, "codex");
  const { file, log: recorded, bundle } = await readRecording();
  const log = join(codexHome, file);
  const repository = join(scratch, "shop");
  run(["git", "clone", "--quiet", bundle, repository]);
  const env = { CODEX_HOME: codexHome, HOME: scratch };

  const small = await writeLargeLog(recorded, log, 1);
  const smallDelta = await exportDelta(program, env, repository, recorded, log, small);
  const end = await writeLargeLog(recorded, log, megabytes);
  print(`log of ${megabytes} MB, medians of ${ROUNDS}:`);
  digest(log, new Date(end - FIVE_MINUTES_MS).toISOString(), repository, print);
  const delta = await exportDelta(program, env, repository, recorded, log, end);
  print(
    `  export of what was appended since the last one: ${delta.toFixed(0)} ms; to a log of 1 MB: ${smallDelta.toFixed(0)} ms`,
  );
}

/**
 * Measures digesting the plain and the compressed log. Each round also measures parsing every line, as the baseline.
 */
function digest(log: string, start: string, root: string, print: Print): void {
  run(["zstd", "--quiet", "--force", "-1", log, "-o", `${log}.zst`]);
  const program = (name: string) => [process.execPath, join("scripts/benches/programs", name)];
  const benches = {
    "parsing every line": [...program("parse-every-line.ts"), log],
    "digest of the last five minutes": [...program("digest-window.ts"), log, start, root],
    "the same, compressed with zstd": [...program("digest-window.ts"), `${log}.zst`, start, root],
  };
  const runs = Object.entries(benches).map(([name, argv]) => ({ name, argv, took: [run(argv)] }));
  for (let round = 1; round < ROUNDS; round++) for (const { argv, took } of runs) took.push(run(argv));
  for (const { name, took } of runs) {
    const ms = median(took.map((one) => one.ms));
    const peak = Math.max(...took.map(({ stdout }) => reportOf(stdout).megabytes));
    print(`  ${name}: ${ms.toFixed(0)} ms, at most ${peak.toFixed(0)} MB`);
  }
  const [, plain, compressed] = runs.map(({ took }) => reportOf(took[0]?.stdout ?? "").result);
  print(`  plain and compressed log give ${plain === compressed ? "the same digest" : "DIFFERENT digests"}`);
}

function reportOf(stdout: string): Report {
  return JSON.parse(stdout);
}

/** The median time of the built program to export one more copy of the session. */
async function exportDelta(
  program: string,
  env: Record<string, string>,
  repository: string,
  recorded: string,
  log: string,
  from: number,
): Promise<number> {
  const flags = "--tool codex --label bench --changelog --changelog-actor bench --changelog-evaluator builtin".split(
    " ",
  );
  const argv = [program, "export-latest", "--cwd", repository, ...flags];
  run(argv, env);
  // Otherwise the measured runs would wait for the first copy to be written to disk.
  run(["sync"]);
  const took: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    await appendFile(log, shifted(recorded, from + round * STEP_MS, false));
    took.push(run(argv, env).ms);
  }
  return median(took);
}
