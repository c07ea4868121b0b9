// How fast a log is redacted, compared with reading it byte by byte.
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { type Print, run } from "./measure.ts";
import type { Report } from "./programs/report.ts";
import { readRecording, writeLargeLog } from "./recorded-log.ts";

interface Timings {
  ofEvents: number;
  ofLines: number;
  withPrefix: number;
  withoutPrefix: number;
  ofBytes: number;
}

export async function benchSecrets(scratch: string, megabytes: number, print: Print): Promise<void> {
  const { file, log: recorded } = await readRecording();
  const log = join(scratch, file);
  await writeLargeLog(recorded, log, megabytes);
  const size = (await stat(log)).size / 1e6;
  const { stdout } = run([process.execPath, "scripts/benches/programs/redact-events.ts", log]);
  const report: Report = JSON.parse(stdout);
  const timings: Timings = JSON.parse(report.result);
  print(`redaction of a log of ${size.toFixed(0)} MB, best of 3:`);
  for (const [name, ms] of Object.entries({
    "its events, as for a transcript": timings.ofEvents,
    "its lines, as in a scan": timings.ofLines,
    "its lines, with a user rule that begins with a word": timings.withPrefix,
    "its lines, with a user rule that begins with a class": timings.withoutPrefix,
    "reading each byte": timings.ofBytes,
  })) {
    print(`  ${name}: ${ms.toFixed(0)} ms, ${((size / ms) * 1000).toFixed(0)} MB/s`);
  }
}
