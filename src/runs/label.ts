// What to call a run when nobody did.
import type { RunFacts } from "../changelog/run-facts.ts";
import { redact } from "../secrets/redact.ts";
import type { Redactor } from "../secrets/redactor.ts";

const MAX_WORDS = 6;
const MAX_CHARACTERS = 48;

/** A few words of a prompt, as a label; null when it holds none. Secrets are taken out first, those of the session too. */
export function labelFromPrompt(prompt: string, secrets: Pick<Redactor, "redact"> = { redact }): string | null {
  const words = secrets.redact(prompt).text.split(/\s+/).filter(Boolean).slice(0, MAX_WORDS);
  let label = "";
  for (const word of words) {
    if (label.length + word.length > MAX_CHARACTERS) break;
    label = label === "" ? word : `${label} ${word}`;
  }
  return label === "" ? null : label;
}

/** What a run is called by what it was asked first; empty when it was asked nothing. */
export function labelOfRun({ evidence, secrets }: Pick<RunFacts, "evidence" | "secrets">): string {
  const [prompt] = evidence.prompts;
  return prompt === undefined ? "" : (labelFromPrompt(prompt, secrets) ?? "");
}
