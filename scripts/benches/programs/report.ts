// What a measured program prints: its result, and its peak of resident memory, which only it can tell.
import { existsSync, readFileSync } from "node:fs";

export interface Report {
  result: string;
  /** Of a million bytes. */
  megabytes: number;
}

export function report(result: string): void {
  const measured: Report = { result, megabytes: peakMegabytes() };
  process.stdout.write(`${JSON.stringify(measured)}\n`);
}

/**
 * The most of resident memory so far, in megabytes of a million bytes. On Linux not `maxRSS`, which counts what the
 * process that started this one held when it did.
 */
export function peakMegabytes(): number {
  const status = "/proc/self/status";
  const peak = existsSync(status) ? /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(status, "utf8"))?.[1] : undefined;
  return (Number(peak ?? process.resourceUsage().maxRSS) * 1024) / 1e6;
}
