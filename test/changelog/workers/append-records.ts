// Appends failures and export records of its own sessions, of the maximum length, without a lock.

import { appendFailure } from "../../../src/changelog/failures.ts";
import { openChangelog } from "../../../src/changelog/store.ts";
import { appendExportRecord } from "../../../src/runs/export-records.ts";
import { sampleRecord } from "../../runs/sample-record.ts";
import { sampleFailure } from "../sample-failure.ts";

const [root = "", number = "0", count = "0"] = process.argv.slice(2);
const log = openChangelog(root, "ada");
const unknown = Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`type-${i}-${"x".repeat(150)}`, i]));
for (let i = 0; i < Number(count); i += 1) {
  const session_id = String(Number(number) * Number(count) + i);
  appendFailure(log, sampleFailure({ session_id, stderr_tail: "y".repeat(4000) }));
  appendExportRecord(root, sampleRecord({ session_id, unknown }));
}
