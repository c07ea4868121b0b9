// Appends the entries of runs from `first` on, short and long ones or only short ones, and prints the id of each once
// it is stored.
import { runId } from "../../../src/changelog/entry.ts";
import { appendEntry, openChangelog } from "../../../src/changelog/store.ts";
import { sampleEntry } from "../sample-entry.ts";

const [root = "", session = "", first = "0", count = "0", size = ""] = process.argv.slice(2);
const log = openChangelog(root, "ada");
const { touched_files } = sampleEntry();
for (let i = Number(first); i < Number(first) + Number(count); i += 1) {
  const run_id = runId("codex", session, i);
  const isShort = size === "short";
  const created = Array<string>(i % 10 === 5 && !isShort ? 1000 : 1).fill("src/some/where/deep/file.ts");
  const summary = "x".repeat(isShort ? 1 : i % 3000);
  const entry = sampleEntry({ run_id, session_id: session, summary, touched_files: { ...touched_files, created } });
  process.stdout.write(`${run_id} ${await appendEntry(log, entry)}\n`);
}
