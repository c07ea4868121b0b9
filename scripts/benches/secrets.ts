// How fast a log is redacted, compared with reading it byte by byte.
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { run, type Say } from "./measure.ts";
import type { Report } from "./programs/report.ts";
import { grow, readRecording } from "./recorded-log.ts";

interface Took {
  ofEvents: number;
  ofLines: number;
  withPrefix: number;
  withoutPrefix: number;
  ofBytes: number;
}

export async function benchSecrets(scratch: string, megabytes: number, say: Say): Promise<void> {
  const { file, log: recorded } = await readRecording();
  const log = join(scratch, file);
  await grow(recorded, log, megabytes);
  const size = (await stat(log)).size / 1e6;
  const { stdout } = run([process.execPath, "scripts/benches/programs/redact-events.ts", log]);
  const report: Report = JSON.parse(stdout);
  const took: Took = JSON.parse(report.result);
  say(`redaction of a log of ${size.toFixed(0)} MB, best of 3:`);
  for (const [name, ms] of Object.entries({
    "its events, as for a transcript": took.ofEvents,
    "its lines, as in a scan": took.ofLines,
    "its lines, with a user rule that begins with a word": took.withPrefix,
    "its lines, with a user rule that begins with a class": took.withoutPrefix,
    "reading each byte": took.ofBytes,
  })) {
    say(`  ${name}: ${ms.toFixed(0)} ms, ${((size / ms) * 1000).toFixed(0)} MB/s`);
  }
}
