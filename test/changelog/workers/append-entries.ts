// Appends entries of runs from `first` on, and says the id of each once it is stored.
import { runId } from "../../../src/changelog/entry.ts";
import { appendEntry, openChangelog } from "../../../src/changelog/store.ts";
import { sampleEntry } from "../sample-entry.ts";

const [root = "", session = "", first = "0", count = "0"] = process.argv.slice(2);
const log = openChangelog(root, "ada");
for (let i = Number(first); i < Number(first) + Number(count); i += 1) {
  const run_id = runId("codex", session, i);
  const result = await appendEntry(log, sampleEntry({ run_id, session_id: session, summary: "x".repeat(i % 3000) }));
  process.stdout.write(`${run_id} ${result}\n`);
}
