export interface Measured {
  ms: number;
  stdout: string;
}

export type Print = (line: string) => void;

/** Runs a program to its end; throws if it fails. */
export function run(argv: string[], env: Record<string, string> = {}, cwd = "."): Measured {
  const startedAt = performance.now();
  const child = Bun.spawnSync(argv, { cwd, stdout: "pipe", stderr: "pipe", env: { ...process.env, ...env } });
  const ms = performance.now() - startedAt;
  if (child.exitCode !== 0) throw new Error(`${argv.join(" ")} exited with ${child.exitCode}: ${child.stderr}`);
  return { ms, stdout: child.stdout.toString() };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
