// How fast secrets are taken out of a log, beside reading it byte by byte.
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { run, type Say } from "./measure.ts";
import type { Report } from "./programs/report.ts";
import { grow, readRecording } from "./recorded-log.ts";

interface Took {
  ofEvents: number;
  ofLines: number;
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
  say(`secrets of a log of ${size.toFixed(0)} MB, best of 3:`);
  for (const [name, ms] of Object.entries({
    "out of its events, as for its pages": took.ofEvents,
    "out of its lines, as in a scan": took.ofLines,
    "reading each byte of it": took.ofBytes,
  })) {
    say(`  ${name}: ${ms.toFixed(0)} ms, ${((size / ms) * 1000).toFixed(0)} MB/s`);
  }
}
