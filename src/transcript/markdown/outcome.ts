// What came of a prompt, in a list after it.
import type { ConversationFacts } from "../conversation.ts";
import type { RepositoryLinks } from "../repository-links.ts";
import { inlineCode, plainWords } from "./text.ts";

/** How many names a line has room for, and how long one may be. */
const MAX_NAMES = 12;
const MAX_NAME = 200;

const RESULTS = { pass: "✓", fail: "✗", unknown: "?" } as const;

/** Files, tests and commits, as far as there are any; else nothing. */
export function renderOutcome({ files, tests, commits }: ConversationFacts, links: RepositoryLinks | null): string {
  const lines = [
    listOf("files", files.names.map(code), files.count),
    listOf(
      "tests",
      tests.map(({ cmd, result }) => `${RESULTS[result]} ${code(cmd)}`),
    ),
    listOf(
      "commits",
      commits.map(({ hash, message }) => `${linkOf(hash, links)} ${words(message)}`),
    ),
  ];
  return lines.filter((line) => line !== null).join("\n");
}

function listOf(name: string, items: readonly string[], count = items.length): string | null {
  if (count === 0) return null;
  const shown = items.slice(0, MAX_NAMES);
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
