// How long the built program takes, measured against the least it could take: interleaved pairs, medians, ratio.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { build, HOST } from "./build.ts";

const { values } = parseArgs({ options: { pairs: { type: "string", default: "30" } } });

interface Bench {
  name: string;
  measured: string[];
  baseline: string[];
}

function run(argv: string[]): number {
  const began = performance.now();
  const { exitCode } = Bun.spawnSync(argv, { stdout: "ignore", stderr: "inherit" });
  const took = performance.now() - began;
  if (exitCode !== 0) throw new Error(`${argv.join(" ")} ended with ${exitCode}`);
  return took;
}

function median(times: number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

function measure({ name, measured, baseline }: Bench, pairs: number): string {
  // The first runs fill the file cache.
  for (const argv of [measured, baseline, measured, baseline]) run(argv);
  const times: { measured: number[]; baseline: number[] } = { measured: [], baseline: [] };
  for (let pair = 0; pair < pairs; pair++) {
    times.baseline.push(run(baseline));
    times.measured.push(run(measured));
  }
  const [took, least] = [median(times.measured), median(times.baseline)];
  return `${name}: ${took.toFixed(2)} ms, empty program ${least.toFixed(2)} ms, ratio ${(took / least).toFixed(2)} (${pairs} pairs)`;
}

const scratch = await mkdtemp(join(tmpdir(), "ctx-bench-"));
try {
  await writeFile(join(scratch, "empty.ts"), "");
  const program = resolve(await build({ target: HOST, outdir: "dist" }));
  const empty = await build({ target: HOST, outdir: scratch, entry: join(scratch, "empty.ts") });
  const benches: Bench[] = [
    { name: "--version", measured: [program, "--version"], baseline: [empty] },
    { name: "--help", measured: [program, "--help"], baseline: [empty] },
  ];
  for (const bench of benches) process.stdout.write(`${measure(bench, Number(values.pairs))}\n`);
} finally {
  await rm(scratch, { recursive: true, force: true });
}
