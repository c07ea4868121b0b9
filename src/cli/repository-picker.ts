// Asks which repository a session belongs to that several may claim.

import type { Candidate } from "../catch-up/sync/choose-repository.ts";
import type { SkippedSession } from "../catch-up/sync/scan-result.ts";
import { tildePath } from "../system/paths.ts";
import { cut, onOneLine } from "./session-lines.ts";

/** What speaks for a repository, in words. */
const WORDS: Record<Candidate["by"][number], string> = {
  edits: "it edited files there",
  commands: "its commands changed files there",
  cwd: "it began there",
  workdirs: "its commands ran there",
};

const MOST_ASKED = 60;

export interface Question {
  number: number;
  of: number;
  home: string;
}

/** The repository that was picked; null to leave the session for another time. */
export async function askWhere(
  { log, candidates, promptLabel: asked }: SkippedSession,
  { number, of, home }: Question,
): Promise<{ root: string | null; signal: NodeJS.Signals | null }> {
  const { pickFrom } = await import("./picker.ts");
  const name = asked === null ? log.head.sessionId : cut(onOneLine(asked), MOST_ASKED);
  const items: (Candidate | null)[] = [...candidates, null];
  const line = (item: Candidate | null) => (item === null ? "leave it for now" : candidateLine(item, home));
  const { item, signal } = await pickFrom({
    message: `Where does “${name}” belong?${of === 1 ? "" : ` (${number} of ${of})`}`,
    items: items.map((candidate) => ({ candidate })),
    lines: (columns) => items.map((each) => cut(line(each), columns)),
    fits: (each, search) =>
      line(each?.candidate ?? null)
        .toLowerCase()
        .includes(search.toLowerCase()),
    nothing: "No repository fits",
  });
  if (item === null) return { root: null, signal: signal ?? "SIGINT" };
  return { root: item.candidate?.root ?? null, signal: null };
}

/** A repository, and what speaks for it. */
export function candidateLine({ root, by }: Candidate, home: string): string {
  return `${onOneLine(tildePath(root, home))}: ${by.map((grade) => WORDS[grade]).join(", ")}`;
}
