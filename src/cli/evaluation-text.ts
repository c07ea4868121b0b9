// A dry run for people: what would be run, or what would be said without a model.
import type { ExportDryRun } from "../export/dry-run.ts";
import { quoteWords } from "../system/shell-quote.ts";

export function renderEvaluation(evaluation: NonNullable<ExportDryRun["evaluation"]>): string[] {
  if (evaluation.evaluator === "builtin") {
    const { summary, bullets, tags, notes } = evaluation.verdict;
    const told = [summary, ...bullets.map((bullet) => `- ${bullet}`), ...(notes === null ? [] : [notes])];
    return ["verdict:", ...indent([...told, `tags: ${tags.join(", ") || "none"}`])];
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
