import { existsSync } from "node:fs";
import { join } from "node:path";
import { TOOLS } from "../../agents/tools.ts";
import { processQueue } from "../../catch-up/run-queue.ts";
import { type OpenSync, openSync, type SyncOptions } from "../../catch-up/sync/sync.ts";
import { topLevel } from "../../system/git.ts";
import { realPath } from "../../system/paths.ts";
import { workArgs } from "../args.ts";
import { command, defineArgs, type Io, type Values } from "../command.ts";
import { askWhere } from "../repository-picker.ts";
import { resolvePath } from "../resolve.ts";
import { spin } from "../spinner.ts";
import { aboutSync, plannedOf, summaryOf, syncLines, tellLeft, tellLook } from "../sync-report.ts";
import { isTerminal } from "../terminal.ts";
import { parseWhen } from "../time.ts";
import { UsageError } from "../usage-error.ts";
import { recordRuns, resolveWork } from "../work.ts";
import { exitOf, tellResult } from "../work-report.ts";

const args = defineArgs({
  codex: { type: "boolean", description: "look through the logs of Codex" },
  claude: { type: "boolean", description: "look through the logs of Claude Code" },
  all: { type: "boolean", description: "look through the logs of both; this is the default" },
  since: {
    type: "string",
    valueHint: "when",
    description: "take sessions that were worked on since then: `3 days ago`, `2026-11-22`, a time; default: 48h",
  },
  until: { type: "string", valueHint: "when", description: "take sessions that were worked on until then" },
  "project-root": {
    type: "string",
    valueHint: "dir",
    description:
      "take the sessions of this repository alone; default: each session's own, if it keeps a changelog or is that of the current folder",
  },
  "source-jsonl": { type: "string", valueHint: "file", description: "take this log alone, whenever it was written" },
  export: { type: "boolean", description: "make a session directory with the transcript as well" },
  ...workArgs,
});

export default command(args, async (values, io) => {
  const { env, home, output, messages } = io;
  const opening = openSync(await optionsOf(values, io));
  if (values.quiet !== true) spin("looks through the logs", opening, env);
  const open = await opening;
  // Standard output may be read by a program: the person is asked, and answers, elsewhere.
  if (values["dry-run"] !== true && isTerminal("stdin") && isTerminal("stderr")) {
    const signal = await settle(open, home);
    if (signal !== null) return { signal };
  }
  const prepared = await open.prepare();
  tellLook(prepared, home, messages);
  if (values["dry-run"]) {
    tellLeft(prepared, messages);
    if (values.json) await output.json({ ...summaryOf(prepared), planned: plannedOf(prepared) });
    else for (const line of syncLines(prepared)) await output.line(line);
    return "done";
  }
  const exports = values.export === true;
  const work = async (options: Parameters<Parameters<typeof recordRuns>[3]>[0]) =>
    await processQueue(prepared, { ...options, exports });
  const result = await recordRuns(prepared.runs, values, io, work);
  tellResult(aboutSync(prepared), result, messages);
  if (values.json) await output.json({ ...summaryOf(prepared), ...result });
  return exitOf(result);
});

/** Asks where sessions belong that several repositories may claim; what ended the asking, if it was broken off. */
async function settle({ ambiguous: questions, assign: take }: OpenSync, home: string): Promise<NodeJS.Signals | null> {
  for (const [index, session] of questions.entries()) {
    const { root, signal } = await askWhere(session, { number: index + 1, of: questions.length, home });
    if (signal !== null) return signal;
    if (root !== null) await take(session, root);
  }
  return null;
}

const DEFAULT_SPAN = "48h";

async function optionsOf(values: Values<typeof args>, io: Io): Promise<SyncOptions> {
  const { cwd, now } = io;
  const at = now();
  const since = parseWhen("--since", values.since ?? DEFAULT_SPAN, "start", at);
  const until = values.until === undefined ? at.getTime() : parseWhen("--until", values.until, "end", at);
  if (since > until) throw new UsageError("`--since` is after `--until`", "swap the two, or name an earlier `--since`");
  const named = TOOLS.filter((tool) => values[tool] === true);
  const root = resolvePath(values["project-root"], cwd);
  const top = await topLevel(cwd);
  return {
    tools: named.length === 0 || values.all === true ? TOOLS : named,
    since,
    until,
    source: resolvePath(values["source-jsonl"], cwd),
    projectRoot: root === null ? null : realPath(root),
    current: existsSync(join(top, ".git")) ? realPath(top) : null,
    ...resolveWork(values, io),
    now,
  };
}
