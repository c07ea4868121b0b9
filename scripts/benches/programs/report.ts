// What a measured program prints: its result, and its peak of resident memory, which only it can tell.
import { existsSync, readFileSync } from "node:fs";

export interface Report {
  result: string;
  megabytes: number;
}

export function report(result: string): void {
  const measured: Report = { result, megabytes: peakKibibytes() / 1024 };
  process.stdout.write(`${JSON.stringify(measured)}\n`);
}

/** On Linux not `maxRSS`, which counts what the process that started this one held when it did. */
export function peakKibibytes(): number {
  const status = "/proc/self/status";
  const peak = existsSync(status) ? /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(status, "utf8"))?.[1] : undefined;
  return peak === undefined ? process.resourceUsage().maxRSS : Number(peak);
}
