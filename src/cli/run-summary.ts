// A run in two lines, for the person who has just left the tool.

import { relative, sep } from "node:path";
import type { ConsolaInstance } from "consola/core";
import type { ExportResult, RunCounts } from "../export/export.ts";

export function summarize(
  { sessionDir, indexHtml, run, changelog }: ExportResult,
  root: string | null,
  messages: ConsolaInstance,
): void {
  const told = run === null ? "nothing new" : describeCounts(run.counts);
  messages.info(`${told}; kept in \`${shorten(indexHtml ?? sessionDir, root)}\``);
  if (changelog.message !== null) messages.warn(changelog.message);
  const { status, evaluator, entriesPath } = changelog;
  if (status === "recorded" && entriesPath !== null) {
    messages.info(`recorded an entry, written by ${evaluator}, in \`${shorten(entriesPath, root)}\``);
  }
}

function describeCounts({ files, tests, commits }: RunCounts): string {
  const results = [
    [tests.pass, "passed"],
    [tests.fail, "failed"],
    [tests.unknown, "ended unknown"],
  ] as const;
  const runs = results.flatMap(([count, word]) => (count === 0 ? [] : [`${plural(count, "test run")} ${word}`]));
  return [`${plural(files, "file")} touched`, ...runs, plural(commits, "commit")].join(", ");
}

function plural(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

/** Relative to the project where it lies in it. */
function shorten(path: string, root: string | null): string {
  return root !== null && path.startsWith(root + sep) ? relative(root, path) : path;
}
