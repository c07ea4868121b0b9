// Writes the transcript of a log into a folder, which may contain an earlier one.
import { readHead } from "../../../src/sessions/read.ts";
import { writeTranscript } from "../../../src/transcript/write.ts";
import { report } from "./report.ts";

const [, , path = "", directory = ""] = process.argv;
const log = { tool: "codex" as const, path };
report(
  await writeTranscript(directory, {
    log,
    head: await readHead(log),
    label: "bench",
    actor: "bench",
    links: null,
    redacts: true,
  }),
);
