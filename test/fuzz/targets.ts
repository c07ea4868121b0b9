// The readers of each kind of file, called as the program calls them: whatever the file holds, the result is a value or
// an `ExpectedError`.
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describeRuns } from "../../src/catch-up/backfill/describe-runs.ts";
import { toEntry } from "../../src/changelog/build-rows.ts";
import { entrySchema } from "../../src/changelog/entry.ts";
import { failedRuns } from "../../src/changelog/failures.ts";
import { entriesBySession } from "../../src/changelog/project-entries.ts";
import { readRunFacts } from "../../src/changelog/run-facts.ts";
import {
  appendEntry,
  isRecorded,
  openChangelog,
  previousRun,
  readEntries,
  readRuns,
} from "../../src/changelog/store.ts";
import { useUserSecretRules } from "../../src/cli/user-secret-rules.ts";
import { loadConfig } from "../../src/config/config.ts";
import { DigestCollector } from "../../src/digest/collector.ts";
import { evaluateBuiltin } from "../../src/evaluate/builtin/builtin.ts";
import { claudeReply } from "../../src/evaluate/claude/output.ts";
import { parseCodexOutput } from "../../src/evaluate/codex/output.ts";
import { type Description, parseDescription } from "../../src/evaluate/description.ts";
import { failureOfRun } from "../../src/evaluate/failure.ts";
import { reviewDescription } from "../../src/evaluate/review/review.ts";
import { writeArchive } from "../../src/library/archive.ts";
import { listTranscripts } from "../../src/library/exported-sessions.ts";
import { renderMarkdown, renderPages } from "../../src/library/render-log.ts";
import { readEarlierRuns } from "../../src/runs/earlier-runs.ts";
import { hasExportRecords, readExportRecords } from "../../src/runs/export-records.ts";
import { readPending } from "../../src/runs/pending-schema.ts";
import { RecordedRuns } from "../../src/runs/recorded-entries.ts";
import { findSessionDirectory } from "../../src/runs/session-directory.ts";
import { redact } from "../../src/secrets/redact.ts";
import { setUserRules } from "../../src/secrets/rule-set.ts";
import { findLog } from "../../src/sessions/log-file.ts";
import { readHead } from "../../src/sessions/read.ts";
import { resolveWindow } from "../../src/sessions/window.ts";
import { checkpointPath } from "../../src/transcript/checkpoint.ts";
import { CWD, encode, event, line } from "../agents/codex/rollout.ts";
import { sampleEntry } from "../changelog/sample-entry.ts";
import { about, evidence, prompt } from "../digest/sample.ts";
import type { Random } from "../seeded-random.ts";
import { claudeLogName, type Kind } from "./corpus.ts";
import { mutate } from "./mutate.ts";

/** One input, and the only folder that may be written to. */
export interface Input {
  bytes: Uint8Array;
  folder: string;
  random: Random;
}

const SESSION = "01a201e4-cb84-7a11-a7c6-963cd916f631";
const ROLLOUT = `rollout-2026-11-22T06-15-01-${SESSION}.jsonl`;
/** Facts are read for one in this many logs, because git takes longer than all the rest. */
const FACTS_IN = 12;

/** Parses an answer and reviews it with the facts of a small run. */
function readAnswer(answer: string): Description | null {
  const parsed = parseDescription(answer);
  if (!parsed.ok) return null;
  const collector = new DigestCollector();
  collector.push(prompt("Fix the total of an empty cart"));
  const facts = evidence({ prompts: ["Fix the total of an empty cart"] });
  const own = evaluateBuiltin(facts, about).description;
  const reviewed = reviewDescription(parsed.description, {
    digest: collector.build(facts, about),
    evidence: facts,
    own,
  });
  return reviewed.ok ? reviewed.description : null;
}

export const TARGETS: Record<Kind, (input: Input) => Promise<void>> = {
  "codex-log": (input) => readLog(ROLLOUT, input),
  "claude-log": (input) => readLog(claudeLogName(input.bytes), input),
  "packed-log": (input) => readLog(`${ROLLOUT}.zst`, input),
  "claude-agent": readAgent,
  "codex-agent": readCodexAgent,
  entries: readChangelog,
  "export-runs": (input) => readDirectory("export_runs.jsonl", input),
  "source-match": (input) => readDirectory("source_match.json", input),
  config: readConfig,
  "codex-output": async ({ bytes }) => {
    const { error, lastError, answer } = parseCodexOutput(textOf(bytes));
    classifyFailure(error ?? lastError ?? textOf(bytes));
    readAnswer(answer ?? "");
  },
  "claude-output": async ({ bytes, random }) => {
    const reply = claudeReply({ code: random.below(2), stdout: textOf(bytes) });
    if (reply.answer === null) classifyFailure(reply.reported ?? "");
    else readAnswer(reply.answer);
  },
  answer: async ({ bytes }) => {
    const description = readAnswer(textOf(bytes));
    if (description !== null) entrySchema.parse(sampleEntry({ ...description }));
  },
  pending: async ({ bytes, folder }) => {
    await readPending(put(folder, "record.json", bytes));
  },
  checkpoint: resumeFromCheckpoint,
};

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString("utf8");

function put(folder: string, name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  return path;
}

const render = (path: string) => ({ path, label: null, repository: null, redacts: true });

async function readLog(name: string, { bytes, folder, random }: Input): Promise<void> {
  const pages = join(folder, "pages");
  if (random.oneIn(8)) {
    // Renders an earlier state of the log first; the pages of that state are then extended.
    const path = put(folder, name, bytes.subarray(0, random.below(bytes.length + 1)));
    await renderPages(render(path), pages).catch(ignoreExpected);
  }
  const path = put(folder, name, bytes);
  await renderPages(render(path), pages);
  await renderMarkdown(render(path));
  if (random.oneIn(FACTS_IN)) await readFacts(path, folder, random);
}

/** Takes the facts of a log through every step up to the stored entry. */
async function readFacts(path: string, folder: string, random: Random): Promise<void> {
  const log = await findLog(path);
  const head = await readHead(log);
  const window = random.oneIn(2) ? { start: null, end: null } : { start: "2026-11-22T06:15:01.500Z", end: null };
  const range = await resolveWindow(log, head, window);
  const home = join(folder, "home");
  const source = { log, head, range, window, root: folder, home };
  const facts = await readRunFacts(source);
  const { start, end, priorPrompts, secrets } = facts;
  const about = { tool: log.tool, label: "", project: "shop", start, end, priorPrompts, secrets };
  facts.digest.build(facts.evidence, about);
  const evaluation = evaluateBuiltin(facts.evidence, about);
  const changelog = openChangelog(folder, "ada");
  const evaluator = { name: "builtin" as const, command: "builtin", model: null, timeoutMs: 1 };
  const files = { indexHtml: join(folder, "pages/index.html"), sourceJsonl: path, sourceMatchJson: null };
  const transcript = Promise.resolve(files);
  const run = { runId: "0".repeat(16), continuationOf: null, source, facts, label: "", sessionDir: folder, transcript };
  const context = { changelog, actor: "ada", evaluator, env: {}, now: () => new Date("2026-11-22T09:00:00.000Z") };
  const entry = toEntry(run, files, evaluation, context);
  await appendEntry(changelog, entry);
  const { entries, problems } = readEntries(changelog.entries);
  if (entries.length !== 1 || problems.length > 0) throw new Error(`one entry was stored, ${entries.length} were read`);
}

/** The log is that of a subagent; the session that called it is rendered. */
async function readAgent({ bytes, folder }: Input): Promise<void> {
  const session = { sessionId: SESSION, cwd: "/home/dev/shop", version: "2.1.330", userType: "external" };
  const at = "2026-11-22T06:15:01.000Z";
  const call = { type: "tool_use", id: "toolu_1", name: "Agent", input: { prompt: "Look", description: "Look" } };
  const lines = [
    { type: "user", uuid: "a", parentUuid: null, message: { role: "user", content: "Look" } },
    { type: "assistant", uuid: "b", parentUuid: "a", message: { id: "m", role: "assistant", content: [call] } },
    {
      type: "user",
      uuid: "c",
      parentUuid: "b",
      message: { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "done" }] },
      toolUseResult: { agentId: "a1", status: "completed" },
    },
  ].map((record) => ({ ...session, isSidechain: false, timestamp: at, ...record }));
  const log = put(folder, `${SESSION}.jsonl`, Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join("")));
  put(folder, `${SESSION}/subagents/agent-a1.jsonl`, bytes);
  put(folder, `${SESSION}/subagents/agent-a1.meta.json`, bytes.subarray(0, 500));
  await renderPages(render(log), join(folder, "pages"));
  await renderMarkdown(render(log));
}

/** The log is a copy of that of a subagent, beside the complete log of its session. */
async function readCodexAgent({ bytes, folder }: Input): Promise<void> {
  const head = Buffer.from(bytes.subarray(0, 2_000)).toString("latin1");
  const [id, parent] = ["id", "parent_thread_id"].map(
    (name) => new RegExp(`"${name}":"([0-9a-f-]{36})"`).exec(head)?.[1] ?? SESSION,
  );
  const at = "2030-01-01T00:00:00.000Z";
  const session = encode(
    { ...line("session_meta", { id: parent, cwd: CWD, timestamp: at }), timestamp: at },
    { ...event("user_message", { message: "Go" }), timestamp: at },
    { ...event("agent_message", { message: "Done" }), timestamp: at },
  );
  const log = put(folder, ROLLOUT, Buffer.from(session));
  put(folder, `subagents/rollout-2026-11-22T06-15-02-${id}.jsonl`, bytes);
  await renderPages(render(log), join(folder, "pages"));
  await renderMarkdown(render(log));
}

/** Reads the rows, then appends one and expects to find it. */
async function readChangelog({ bytes, folder, random }: Input): Promise<void> {
  const path = put(folder, ".changelog/ada/entries.jsonl", bytes);
  readRuns(path);
  entriesBySession(folder, "codex");
  RecordedRuns.read(folder, []);
  failedRuns(path, "codex");
  if (random.oneIn(4)) await writeArchive(folder, null);
  const log = openChangelog(folder, "ada");
  previousRun(log, SESSION, "2026-11-22T06:15:01.500Z");
  const run_id = "f".repeat(16);
  if (isRecorded(log, run_id, "any")) return;
  const before = readEntries(path).entries.length;
  await appendEntry(log, sampleEntry({ run_id }));
  if (!isRecorded(log, run_id, "any")) throw new Error("the appended entry is not found");
  const after = readEntries(path).entries.length;
  if (after !== before + 1) throw new Error(`${before} entries were read before one was appended, and ${after} after`);
}

async function readDirectory(name: string, { bytes, folder }: Input): Promise<void> {
  const directory = join(folder, ".codex/sessions/2026-11-22-0615_Fix_cart");
  put(directory, name, bytes);
  put(directory, ROLLOUT, Buffer.from("{}\n"));
  readExportRecords(directory);
  hasExportRecords(directory);
  findSessionDirectory(folder, "codex", SESSION);
  await readEarlierRuns(directory, SESSION, join(directory, ROLLOUT));
  listTranscripts(folder);
  const { runs } = await describeRuns({ directory, tool: "codex", siblings: new Set([basename(directory)]) });
  RecordedRuns.read(folder, runs);
}

async function readConfig({ bytes, folder }: Input): Promise<void> {
  const home = join(folder, "home");
  const env = { XDG_CONFIG_HOME: join(home, ".config") };
  put(folder, ".ai-code-sessions.toml", bytes);
  loadConfig({ root: folder, env, home });
  put(home, ".config/ai-code-sessions/config.toml", bytes);
  loadConfig({ root: folder, env, home });
  try {
    await useUserSecretRules(env, home);
    redact(`a shop_${"a0".repeat(20)} b`.repeat(200));
  } finally {
    await setUserRules({ allow: [], rules: [] });
  }
}

/** Renders a log, damages the checkpoint of its pages, and renders the longer log. */
async function resumeFromCheckpoint({ bytes, folder, random }: Input): Promise<void> {
  const path = put(folder, ROLLOUT, bytes);
  const pages = join(folder, "pages");
  await renderPages(render(path), pages);
  const kept = Bun.file(checkpointPath(pages));
  if (await kept.exists()) writeFileSync(checkpointPath(pages), mutate(await kept.bytes(), [bytes], random));
  put(folder, ROLLOUT, Buffer.concat([bytes, bytes.subarray(0, 2_000)]));
  await renderPages(render(path), pages);
}

function classifyFailure(message: string): void {
  const result = { code: 1, signal: null, stdout: "", stderr: message, notFound: false, timedOut: false };
  failureOfRun({ name: "codex", hints: {} }, { ...result, truncated: false, durationMs: 1 }, null, "/home/dev");
}

function ignoreExpected(error: unknown): void {
  if (!(error instanceof Error) || error.name !== "ExpectedError") throw error;
}
