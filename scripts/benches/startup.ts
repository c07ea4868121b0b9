// How long the program takes to say something, against the least any program takes: interleaved pairs, medians.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build, HOST } from "../build.ts";
import { median, run, type Say } from "./measure.ts";

export async function benchStartup(program: string, scratch: string, pairs: number, say: Say): Promise<void> {
  await writeFile(join(scratch, "empty.ts"), "");
  const empty = await build({ target: HOST, outdir: scratch, entry: join(scratch, "empty.ts") });
  for (const flag of ["--version", "--help"]) {
    // The first runs fill the file cache.
    for (const argv of [[program, flag], [empty]]) run(argv);
    const took: number[] = [];
    const least: number[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      least.push(run([empty]).ms);
      took.push(run([program, flag]).ms);
    }
    const [ms, base] = [median(took), median(least)];
    say(`${flag}: ${ms.toFixed(1)} ms, empty program ${base.toFixed(1)} ms, ratio ${(ms / base).toFixed(2)}`);
  }
}
