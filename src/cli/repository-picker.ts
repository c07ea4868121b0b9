// Asks which repository a session belongs to, if several are possible.
import type { Candidate } from "../catch-up/sync/choose-repository.ts";
import type { SkippedSession } from "../catch-up/sync/scan-result.ts";
import { tildePath } from "../system/paths.ts";
import { singleLine, truncate } from "./session-lines.ts";

/** The evidence for a repository, in words. */
const REASONS: Record<Candidate["by"][number], string> = {
  edits: "it edited files there",
  commands: "its commands changed files there",
  cwd: "it started there",
  workdirs: "its commands ran there",
};

const MAX_NAME = 60;

/** The number of this question, and of all questions. */
export interface QuestionPosition {
  number: number;
  of: number;
}

/** The repository that was chosen, or null to skip the session; `signal` ended the question. */
export async function askRepository(
  { log, candidates, promptLabel }: SkippedSession,
  { number, of }: QuestionPosition,
  home: string,
): Promise<{ root: string | null; signal: NodeJS.Signals | null }> {
  const { pickFrom } = await import("./picker.ts");
  const name = promptLabel === null ? log.head.sessionId : truncate(singleLine(promptLabel), MAX_NAME);
  const items = [...candidates, null].map((candidate) => ({
    root: candidate?.root ?? null,
    line: candidate === null ? "skip this session" : candidateLine(candidate, home),
  }));
  const { item, signal } = await pickFrom({
    message: `Which repository does “${name}” belong to?${of === 1 ? "" : ` (${number} of ${of})`}`,
    items,
    lines: (columns) => items.map(({ line }) => truncate(line, columns)),
    matches: (item, search) => item?.line.toLowerCase().includes(search.toLowerCase()) === true,
    empty: "No repository matches",
  });
  return item === null ? { root: null, signal: signal ?? "SIGINT" } : { root: item.root, signal: null };
}

/** A repository and the evidence for it. */
export function candidateLine({ root, by }: Candidate, home: string): string {
  return `${singleLine(tildePath(root, home))}: ${by.map((reason) => REASONS[reason]).join(", ")}`;
}
