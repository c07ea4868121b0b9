// Appends failures and export runs of its own sessions, as long as rows get, without any lock.

import { appendFailure } from "../../../src/changelog/failures.ts";
import { openChangelog } from "../../../src/changelog/store.ts";
import { appendExportRecord } from "../../../src/runs/export-records.ts";
import { sampleFailure } from "../sample-failure.ts";
import { sampleRun } from "../sample-run.ts";

const [root = "", number = "0", count = "0"] = process.argv.slice(2);
const log = openChangelog(root, "ada");
const unknown = Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`type-${i}-${"x".repeat(150)}`, i]));
for (let i = 0; i < Number(count); i += 1) {
  const session_id = String(Number(number) * Number(count) + i);
  appendFailure(log, sampleFailure({ session_id, stderr_tail: "y".repeat(4000) }));
  appendExportRecord(root, sampleRun({ session_id, unknown }));
}
