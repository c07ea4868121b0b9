// Times the start of the program, compared with an empty one, in alternating runs.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build, HOST } from "../build.ts";
import { median, type Print, run } from "./measure.ts";

export async function benchStartup(program: string, scratch: string, pairs: number, print: Print): Promise<void> {
  await writeFile(join(scratch, "empty.ts"), "");
  const empty = await build({ target: HOST, outdir: scratch, entry: join(scratch, "empty.ts") });
  for (const flag of ["--version", "--help"]) {
    // The first runs fill the file cache.
    for (const argv of [[program, flag], [empty]]) run(argv);
    const times: number[] = [];
    const baseline: number[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      baseline.push(run([empty]).ms);
      times.push(run([program, flag]).ms);
    }
    const [ms, base] = [median(times), median(baseline)];
    print(`${flag}: ${ms.toFixed(1)} ms, empty program ${base.toFixed(1)} ms, ratio ${(ms / base).toFixed(2)}`);
  }
}
