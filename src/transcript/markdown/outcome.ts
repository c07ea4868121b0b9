// What came of a prompt, in a list after it.
import type { TurnFacts } from "../conversation-facts.ts";
import type { RepositoryLinks } from "../repository-links.ts";
import { inlineCode, plainWords } from "./escape.ts";

/** How long a name may be. */
const MAX_NAME = 200;

const RESULTS = { pass: "✓", fail: "✗", unknown: "?" } as const;

/** Files, tests and commits, as far as there are any; else nothing. */
export function renderOutcome({ files, tests, commits }: TurnFacts, links: RepositoryLinks | null): string {
  const lines = [
    listOf("files", files.names.map(code), files.count),
    listOf(
      "tests",
      tests.runs.map(({ cmd, result }) => `${RESULTS[result]} ${code(cmd)}`),
      tests.count,
    ),
    listOf(
      "commits",
      commits.made.map(({ hash, message }) => `${linkOf(hash, links)} ${words(message)}`),
      commits.count,
    ),
  ];
  return lines.filter((line) => line !== null).join("\n");
}

function listOf(name: string, shown: readonly string[], count: number): string | null {
  if (count === 0) return null;
  const rest = count > shown.length ? `, and ${count - shown.length} more` : "";
  return `- ${name}: ${shown.join(", ")}${rest}`;
}

function linkOf(hash: string, links: RepositoryLinks | null): string {
  const short = code(hash.slice(0, 10));
  return links === null ? short : `[${short}](${links.commit(hash)})`;
}

function code(text: string): string {
  return inlineCode(text.slice(0, MAX_NAME));
}

function words(text: string): string {
  return plainWords(text.slice(0, MAX_NAME));
}
