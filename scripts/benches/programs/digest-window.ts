// Digests the end of a log, as an export does, and reports the hash of the digest.
import { createHash } from "node:crypto";
import { readRunFacts } from "../../../src/changelog/run-facts.ts";
import { digestJson } from "../../../src/digest/digest.ts";
import { readHead } from "../../../src/sessions/read.ts";
import { resolveWindow } from "../../../src/sessions/window.ts";
import { report } from "./report.ts";

const [, , path = "", start = "", root = ""] = process.argv;
const log = { tool: "codex" as const, path };
const head = await readHead(log);
const window = { start, end: null };
const range = await resolveWindow(log, head, window);
const facts = await readRunFacts({ log, head, range, window, root, home: root });
const about = { tool: log.tool, label: "", project: "bench", start, end: null, priorPrompts: facts.priorPrompts };
const digest = digestJson(facts.digest.build(facts.evidence, about));
report(createHash("sha256").update(digest).digest("hex"));
