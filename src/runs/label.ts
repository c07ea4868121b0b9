// Labels for runs that the user did not label.
import { basename, dirname } from "node:path";
import type { RunFacts } from "../changelog/run-facts.ts";
import { redact } from "../secrets/redact.ts";
import type { Redactor } from "../secrets/redactor.ts";
import { readableNames } from "../system/directory.ts";
import { stripInvisible } from "../system/invisible-chars.ts";
import { stripTerminalCodes } from "../system/terminal-codes.ts";
import { sanitizeLabel } from "./session-directory.ts";

const MAX_WORDS = 6;
const MAX_CHARACTERS = 48;
const STAMP = /^\d{4}-\d{2}-\d{2}-\d{4}(?:_|$)/;

/** The first words of a prompt, without secrets, terminal codes and invisible characters; null if it has none. */
export function labelFromPrompt(prompt: string, secrets: Pick<Redactor, "redact"> = { redact }): string | null {
  const text = stripInvisible(stripTerminalCodes(prompt));
  const words = secrets
    .redact(text)
    .text.split(/[\s\p{Cc}]+/u)
    .filter(Boolean)
    .slice(0, MAX_WORDS);
  let label = "";
  for (const word of words) {
    if (label.length + word.length > MAX_CHARACTERS) break;
    label = label === "" ? word : `${label} ${word}`;
  }
  return label === "" ? null : label;
}

/** The first words of the run's first prompt; empty if it has none. */
export function labelOfRun({ evidence, secrets }: Pick<RunFacts, "evidence" | "secrets">): string {
  const [prompt] = evidence.prompts;
  return prompt === undefined ? "" : (labelFromPrompt(prompt, secrets) ?? "");
}

/**
 * The label in the name of a session directory; empty if the directory was created without a label. A number at the end
 * of the name belongs to the label, unless another directory has the same name without the number.
 */
export function labelOfDirectory(
  directory: string,
  siblings: ReadonlySet<string> = new Set(readableNames(dirname(directory)) ?? []),
): string {
  const name = basename(directory);
  const base = name.replace(/_\d+$/, "");
  const own = base !== name && siblings.has(base) ? base : name;
  const label = own.replace(STAMP, "");
  return label === sanitizeLabel("") ? "" : label.replaceAll("_", " ").trim();
}
