// Takes the secrets out of every event of a log, as the transcript does, and out of its lines, as a scan does; and reads
// the same lines byte by byte. How long each took, without reading and parsing the log.
import { readFileSync } from "node:fs";
import type { SessionEvent } from "../../../src/events/event.ts";
import { redact } from "../../../src/secrets/redact.ts";
import { Redactor } from "../../../src/secrets/redactor.ts";
import { readEvents } from "../../../src/sessions/read.ts";
import { report } from "./report.ts";

const path = process.argv[2] ?? "";
const bytes = readFileSync(path);
const lines = bytes.toString().split("\n");
const events: SessionEvent[] = [];
await readEvents({ tool: "codex", path }, { from: 0, to: bytes.length }, (event) => events.push(event));

/** The best of three: the machine may have other things to do, and the first is compiled. */
function best(work: () => void): number {
  return Math.min(
    ...[1, 2, 3].map(() => {
      const began = performance.now();
      work();
      return performance.now() - began;
    }),
  );
}

const ofEvents = best(() => {
  const secrets = new Redactor();
  for (const event of events) secrets.redactDeep(event);
});
let found = 0;
const ofLines = best(() => {
  for (const line of lines) found += redact(line).count;
});
let feeds = 0;
const ofBytes = best(() => {
  for (let at = 0; at < bytes.length; at++) if (bytes[at] === 0x0a) feeds++;
});
report(JSON.stringify({ ofEvents, ofLines, ofBytes, found, feeds }));
