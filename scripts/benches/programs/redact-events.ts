// Redacts the events of a log, as a transcript does, and its lines, as a scan does, with and without user rules, and
// reads it byte by byte. Reports the time of each, without reading and parsing the log.
import { readFileSync } from "node:fs";
import type { SessionEvent } from "../../../src/events/event.ts";
import { redact } from "../../../src/secrets/redact.ts";
import { Redactor } from "../../../src/secrets/redactor.ts";
import { setUserRules } from "../../../src/secrets/rule-set.ts";
import { readEvents } from "../../../src/sessions/read.ts";
import { report } from "./report.ts";

const path = process.argv[2] ?? "";
const bytes = readFileSync(path);
const lines = bytes.toString().split("\n");
const events: SessionEvent[] = [];
await readEvents({ tool: "codex", path }, { from: 0, to: bytes.length }, (event) => events.push(event));

/** The best of three: the first run includes compilation, and other programs may interfere. */
function best(work: () => void): number {
  return Math.min(
    ...[1, 2, 3].map(() => {
      const startedAt = performance.now();
      work();
      return performance.now() - startedAt;
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
async function withRule(pattern: string): Promise<number> {
  await setUserRules({ allow: [], rules: [{ kind: "own", pattern }] });
  return best(() => {
    for (const line of lines) found += redact(line).count;
  });
}
const withPrefix = await withRule("(?i)\\bacme_(live|test)_[a-z0-9]{32}");
const withoutPrefix = await withRule("[A-Z]{3}_[0-9]{7}");
let feeds = 0;
const ofBytes = best(() => {
  for (let at = 0; at < bytes.length; at++) if (bytes[at] === 0x0a) feeds++;
});
report(JSON.stringify({ ofEvents, ofLines, withPrefix, withoutPrefix, ofBytes, found, feeds }));
