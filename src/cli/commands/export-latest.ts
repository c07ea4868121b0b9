import { type ExportResult, exportLatest } from "../../export/export.ts";
import { dryRunExport, type ExportDryRun } from "../../export/record-entry.ts";
import { plural } from "../../system/plural.ts";
import { quoteWords } from "../../system/shell-quote.ts";
import { changelogArgs, defineArgs, outputArgs, runArgs, transcriptArgs, type Values } from "../args.ts";
import type { Io } from "../command.ts";
import type { Exit } from "../exit.ts";
import { NOT_REDACTED } from "../messages.ts";
import { resolvePath, resolveRun, resolveSettings } from "../resolve.ts";
import { waitForEvaluation } from "../spinner.ts";

export const args = defineArgs({
  ...runArgs,
  output: {
    type: "string",
    alias: "o",
    valueHint: "DIR",
    description: "session directory to write; default: a new one in the repository",
  },
  label: { type: "string", valueHint: "TEXT", description: "what the run is about" },
  ...transcriptArgs,
  ...changelogArgs,
  "dry-run": {
    type: "boolean",
    description: "write nothing and run no evaluator; print its command, environment and prompt instead",
  },
  ...outputArgs,
});

export async function run(values: Values<typeof args>, io: Io): Promise<Exit> {
  const { cwd, env, home, now, output, messages } = io;
  const options = {
    ...resolveRun(values, cwd),
    ...resolveSettings(values),
    redacts: values.redact !== false,
    output: resolvePath(values.output, cwd),
    label: values.label ?? null,
    env,
    home,
    now,
    onNotice: (notice: string) => messages.warn(notice),
    waiting: waitForEvaluation(null, env, values.quiet === true),
  };
  if (values["dry-run"]) {
    const dryRun = await dryRunExport(options);
    reportDryRun(dryRun, messages);
    if (values.json) await output.json(dryRun);
    else for (const line of linesOf(dryRun.evaluation)) await output.line(line);
    return "done";
  }
  const result = await exportLatest(options);
  reportExport(result, messages);
  if (!options.redacts && result.indexHtml !== null) messages.warn(NOT_REDACTED);
  await (values.json ? output.json(result) : output.line(result.sessionDir));
  return "done";
}

function reportDryRun({ source, wanted, evaluation }: ExportDryRun, messages: Io["messages"]): void {
  messages.info(`read \`${source}\`; nothing was run or written`);
  if (evaluation === null) messages.info("nothing new since the last export: no evaluator would run");
  else if (evaluation.evaluator === "builtin") messages.info("`builtin` uses no command and no model");
  else if (evaluation.unconfirmed.length > 0) {
    const options = evaluation.unconfirmed.map((option) => `\`${option}\``).join(" and ");
    messages.info(
      `this version of \`${evaluation.evaluator}\` has not been checked for its options: it may not support ${options}`,
    );
  }
  if (!wanted) messages.info("no entry would be recorded: add `--changelog`");
}

/** What would run, or what `builtin` would write. */
function linesOf(evaluation: ExportDryRun["evaluation"]): string[] {
  if (evaluation === null) return [];
  if (evaluation.evaluator === "builtin") {
    const { summary, bullets, tags, notes } = evaluation.verdict;
    const text = [summary, ...bullets.map((bullet) => `- ${bullet}`), ...(notes === null ? [] : [notes])];
    return ["entry:", ...indent([...text, `tags: ${tags.join(", ") || "none"}`])];
  }
  const { argv, cwd, env, prompt } = evaluation;
  return [
    "command:",
    ...indent([quoteWords(argv)]),
    "folder:",
    ...indent([cwd]),
    "environment:",
    ...indent(env),
    "prompt:",
    ...indent(prompt.trimEnd().split("\n")),
  ];
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => (line === "" ? "" : `  ${line}`));
}

function reportExport({ source, run, changelog }: ExportResult, messages: Io["messages"]): void {
  messages.info(`exported \`${source.path}\``);
  for (const { path, problem } of source.damaged ?? []) messages.warn(`skipped \`${path}\`: ${problem}`);
  // The export succeeded even if the evaluation failed, so this is a warning.
  if (changelog.message !== null) messages.warn(changelog.message);
  messages.info(describeEntry(changelog, run));
  if (run === null) return;
  const { records, unparsable, unparsableAt, unknown } = run.tally;
  messages.debug(`read ${records} records, bytes ${run.from} to ${run.to}`);
  const [first] = unparsableAt;
  // Positions in a subagent's log are not recorded.
  const where = first === undefined ? "" : `, the first at byte ${first}`;
  if (unparsable > 0) messages.warn(`skipped ${plural(unparsable, "malformed record")} in \`${source.path}\`${where}`);
  for (const [type, count] of Object.entries(unknown)) messages.debug(`unknown record type ${type}: ${count}`);
}

function describeEntry(
  { status, entriesPath, evaluator }: ExportResult["changelog"],
  run: ExportResult["run"],
): string {
  if (run === null) return "nothing new since the last export";
  if (status === "recorded") return `recorded an entry in \`${entriesPath}\` (written by \`${evaluator}\`)`;
  if (status === "exists") return `this run already has an entry in \`${entriesPath}\``;
  if (status === "pending") return "the entry is not written yet: run `ctx changelog backfill`";
  return status === "nothing" ? "the run is empty: no entry recorded" : "no entry requested";
}
