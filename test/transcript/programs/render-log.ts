// Renders a log into a folder and prints the peak of resident memory in megabytes.

import { peakMegabytes } from "../../../scripts/benches/programs/report.ts";
import { readHead } from "../../../src/sessions/read.ts";
import { writeTranscript } from "../../../src/transcript/write.ts";

const [, , path = "", directory = ""] = process.argv;
const log = { tool: "codex" as const, path };
await writeTranscript(directory, {
  log,
  head: await readHead(log),
  label: "",
  actor: null,
  links: null,
  redacts: true,
});
process.stdout.write(String(peakMegabytes()));
