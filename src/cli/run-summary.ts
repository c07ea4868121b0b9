// The two lines about a run that the wrapper and `ctx recover` print.
import { relative, sep } from "node:path";
import type { ConsolaInstance } from "consola/core";
import type { ExportResult, RunCounts } from "../export/export.ts";
import { plural } from "../system/plural.ts";

export function reportExport(
  { sessionDir, indexHtml, run, changelog }: ExportResult,
  root: string | null,
  messages: ConsolaInstance,
): void {
  const counts = run === null ? "nothing new" : describeCounts(run.counts);
  messages.info(`${counts}; exported to \`${shorten(indexHtml ?? sessionDir, root)}\``);
  if (changelog.message !== null) messages.warn(changelog.message);
  const { status, evaluator, entriesPath } = changelog;
  if (status === "recorded" && entriesPath !== null) {
    messages.info(`recorded an entry in \`${shorten(entriesPath, root)}\` (written by \`${evaluator}\`)`);
  }
}

function describeCounts({ files, tests, commits }: RunCounts): string {
  const results = [
    [tests.pass, "passed"],
    [tests.fail, "failed"],
    [tests.unknown, "with an unknown result"],
  ] as const;
  const runs = results.flatMap(([count, word]) => (count === 0 ? [] : [`${plural(count, "test run")} ${word}`]));
  return [`${plural(files, "file")} touched`, ...runs, plural(commits, "commit")].join(", ");
}

/** Relative to the repository, for a path inside it. */
function shorten(path: string, root: string | null): string {
  return root !== null && path.startsWith(root + sep) ? relative(root, path) : path;
}
