import { dryRunExport, type ExportDryRun } from "../../export/dry-run.ts";
import { type ExportResult, exportLatest } from "../../export/export.ts";
import { changelogArgs, outputArgs, runArgs, transcriptArgs } from "../args.ts";
import { command, defineArgs, type Io } from "../command.ts";
import { renderEvaluation } from "../evaluation-text.ts";
import { resolvePath, resolveRun, resolveSettings } from "../resolve.ts";
import { SECRETS_KEPT } from "../secrets-kept.ts";
import { waitAtTerminal } from "../waiting.ts";

const args = defineArgs({
  ...runArgs,
  output: {
    type: "string",
    alias: "o",
    valueHint: "dir",
    description: "the session directory to write; default: one in the repository, named by time and label",
  },
  label: { type: "string", valueHint: "text", description: "what the run was about" },
  ...transcriptArgs,
  ...changelogArgs,
  "dry-run": {
    type: "boolean",
    description:
      "run no evaluator and write nothing: print the command, the names of its environment and the prompt, or what `builtin` says",
  },
  ...outputArgs,
});

export default command(args, async (values, io) => {
  const { cwd, env, home, now, output, messages } = io;
  const options = {
    ...resolveRun(values, cwd),
    ...resolveSettings(values),
    redacts: values["no-redact"] !== true,
    output: resolvePath(values.output, cwd),
    label: values.label ?? null,
    env,
    home,
    now,
    onNotice: (notice: string) => messages.warn(notice),
    waiting: waitAtTerminal(null, env, values.quiet === true),
  };
  if (values["dry-run"]) {
    const dryRun = await dryRunExport(options);
    tellDryRun(dryRun, messages);
    if (values.json) await output.json(dryRun);
    else if (dryRun.evaluation !== null)
      for (const line of renderEvaluation(dryRun.evaluation)) await output.line(line);
    return "done";
  }
  const result = await exportLatest(options);
  tell(result, messages);
  if (!options.redacts && result.indexHtml !== null) messages.warn(SECRETS_KEPT);
  await (values.json ? output.json(result) : output.line(result.sessionDir));
  return "done";
});

function tellDryRun({ source, wanted, evaluation }: ExportDryRun, messages: Io["messages"]): void {
  messages.info(`read \`${source}\`; nothing was run, nothing written`);
  if (evaluation === null) messages.info("nothing new happened since the last export: no evaluator would be asked");
  else if (evaluation.evaluator === "builtin") messages.info("`builtin` runs no command and asks no model");
  else if (evaluation.unconfirmed.length > 0) {
    const options = evaluation.unconfirmed.map((option) => `\`${option}\``).join(" and ");
    const program = evaluation.evaluator;
    messages.info(`this ${program} was not asked yet which options it has, so it may have to do without ${options}`);
  }
  if (!wanted) messages.info("without `--changelog` no entry would be recorded");
}

function tell({ source, run, changelog }: ExportResult, messages: Io["messages"]): void {
  messages.info(`exported \`${source.path}\``);
  // The export stands whatever became of the evaluation, so that is a warning.
  if (changelog.message !== null) messages.warn(changelog.message);
  messages.info(describeOutcome(changelog, run));
  if (run === null) return;
  const { records, unparsable, unparsableAt, unknown } = run.parseStats;
  messages.debug(`read ${records} records, bytes ${run.from} to ${run.to}`);
  const [first] = unparsableAt;
  // Of a subagent's log no position is told.
  const where = first === undefined ? "" : `, the first at byte ${first}`;
  if (unparsable > 0) messages.warn(`${unparsable} records do not parse${where}`);
  for (const [type, count] of Object.entries(unknown)) messages.debug(`unknown record type ${type}: ${count}`);
}

function describeOutcome(
  { status, entriesPath, evaluator }: ExportResult["changelog"],
  run: ExportResult["run"],
): string {
  if (run === null) return "nothing new since the last export";
  if (status === "recorded") return `recorded an entry, written by ${evaluator}, in \`${entriesPath}\``;
  if (status === "exists") return `this run has its entry already, in \`${entriesPath}\``;
  if (status === "pending") return "its entry is left for later: run `ctx changelog backfill`";
  return status === "nothing" ? "nothing happened in this run: no entry recorded" : "no entry asked for";
}
