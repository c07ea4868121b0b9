// Cleans and shortens the texts of a digest: no control characters, no secrets, no paths that reveal a person or host.
import { redact } from "../secrets/redact.ts";
import type { Redactor } from "../secrets/redactor.ts";
import { type ScrubContext, scrubPaths } from "../secrets/scrub-paths.ts";
import { stripInvisible } from "../system/invisible-chars.ts";
import { detachStrings } from "../system/memory.ts";
import { stripTerminalCodes } from "../system/terminal-codes.ts";

/** How much of one text is scanned for secrets; much less of it goes into the digest. */
const WINDOW = 32_768;

/** Cleans texts and counts the secrets it removed. */
export class TextCleaner {
  redactions = 0;
  readonly #paths: ScrubContext | undefined;
  readonly #secrets: Pick<Redactor, "redact">;

  /** Without `secrets`, only the secrets that a rule recognizes in the text itself are removed. */
  constructor(paths?: ScrubContext, secrets: Pick<Redactor, "redact"> = { redact }) {
    this.#paths = paths;
    this.#secrets = secrets;
  }

  clean(text: string): string {
    const visible = stripInvisible(stripTerminalCodes(text)).replace(/[\p{Cc}--[\t\n]]/gv, "");
    const { text: redacted, count } = this.#secrets.redact(visible);
    this.redactions += count;
    return this.#paths === undefined ? redacted : scrubPaths(redacted, this.#paths);
  }

  /** Cleans before it shortens: shortening first could leave half of a secret. */
  short(text: string, max: number): string {
    return shorten(this.clean(text.trim()), max);
  }

  /** The last lines of an output. */
  tail(output: string, lines: number, max: number): string {
    const last = this.clean(output.trimEnd()).split("\n").slice(-lines).join("\n");
    return last.length <= max ? last : `…${last.slice(1 - max).toWellFormed()}`;
  }
}

/** The text if it has at most `max` characters, else its start (three quarters of `max`) and its end (a quarter). */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  const tail = Math.floor(max / 4);
  const start = text.slice(0, max - tail).toWellFormed();
  return `${start} […${text.length - max} characters omitted…] ${text.slice(-tail).toWellFormed()}`;
}

/** The start and the end of a text, copied so that the rest of a huge text is not kept in memory. */
export function window(text: string, max = WINDOW): string {
  if (text.length <= max) return text;
  const half = Math.floor(max / 2);
  return detachStrings(
    `${withoutLastWord(text.slice(0, half))}\n[…]\n${withoutFirstWord(text.slice(-half))}`.toWellFormed(),
  );
}

/** The end of an output, copied for the same reason. */
export function lastWindow(text: string, max = WINDOW / 4): string {
  return text.length <= max ? text : detachStrings(withoutFirstWord(text.slice(-max)).toWellFormed());
}

/** A word cut in two could be half of a secret, which no rule recognizes. */
function withoutFirstWord(text: string): string {
  return text.replace(/^\S{1,400}/, "");
}

function withoutLastWord(text: string): string {
  return text.replace(/\S{1,400}$/, "");
}
