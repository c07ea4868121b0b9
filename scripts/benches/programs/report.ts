// Prints the result of a measured program and its peak memory, which only the program itself can measure.
import { existsSync, readFileSync } from "node:fs";

export interface Report {
  result: string;
  /** Peak of resident memory, in units of a million bytes. */
  megabytes: number;
}

export function report(result: string): void {
  const measured: Report = { result, megabytes: peakMegabytes() };
  process.stdout.write(`${JSON.stringify(measured)}\n`);
}

/**
 * The peak of resident memory so far, in units of a million bytes. On Linux this is not `maxRSS`, which includes the
 * memory of the parent process at the time of the fork.
 */
export function peakMegabytes(): number {
  const status = "/proc/self/status";
  const peak = existsSync(status) ? /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(status, "utf8"))?.[1] : undefined;
  return (Number(peak ?? process.resourceUsage().maxRSS) * 1024) / 1e6;
}
