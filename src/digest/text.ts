// How text gets into a digest: without control characters and secrets, without paths that tell who and where, short.
import { redact } from "../secrets/redact.ts";
import type { Redactor } from "../secrets/redactor.ts";
import { type ScrubContext, scrubPaths } from "../secrets/scrub-paths.ts";
import { ownCopy } from "../system/own-copy.ts";
import { stripTerminalCodes } from "../system/terminal-codes.ts";
import { stripUnseen } from "../system/unseen.ts";

/** How much of one text is looked at; what is kept of it is far shorter. */
const WINDOW = 32_768;
/** Cleans texts and counts the secrets it took out. */
export class TextCleaner {
  redactions = 0;
  readonly #paths: ScrubContext | undefined;
  readonly #secrets: Pick<Redactor, "redact">;

  /** Where nobody remembers the secrets of the session, only those that stand in a text are known. */
  constructor(paths?: ScrubContext, secrets: Pick<Redactor, "redact"> = { redact }) {
    this.#paths = paths;
    this.#secrets = secrets;
  }

  /** Secrets go first: cutting first could leave half of one. */
  clean(text: string): string {
    const { text: redacted, count } = this.#secrets.redact(
      stripUnseen(stripTerminalCodes(text)).replace(/[\p{Cc}--[\t\n]]/gv, ""),
    );
    this.redactions += count;
    return this.#paths === undefined ? redacted : scrubPaths(redacted, this.#paths);
  }

  short(text: string, max: number): string {
    return shorten(this.clean(text.trim()), max);
  }

  /** The last lines of an output. */
  tail(output: string, lines: number, max: number): string {
    const last = this.clean(output.trimEnd()).split("\n").slice(-lines).join("\n");
    return last.length <= max ? last : `…${wellFormed(last.slice(1 - max))}`;
  }
}

/** The text if it is short enough, else its first three quarters and its end. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  const tail = Math.floor(max / 4);
  const cut = text.length - max;
  return `${wellFormed(text.slice(0, max - tail))} […${cut} characters left out…] ${wellFormed(text.slice(-tail))}`;
}

/** A copy of a text's beginning and end that does not keep the whole of a huge text in memory. */
export function window(text: string, max = WINDOW): string {
  if (text.length <= max) return text;
  const half = Math.floor(max / 2);
  return ownCopy(
    wellFormed(`${wholeWords(text.slice(0, half), /\S{1,400}$/)}\n[…]\n${wholeWords(text.slice(-half), /^\S{1,400}/)}`),
  );
}

/** The same for an output, of which only the end counts. */
export function lastWindow(text: string, max = WINDOW / 4): string {
  return text.length <= max ? text : ownCopy(wellFormed(wholeWords(text.slice(-max), /^\S{1,400}/)));
}

/** A word cut in two could be half a secret, which no rule would know. */
function wholeWords(text: string, edge: RegExp): string {
  return text.replace(edge, "");
}

/** Half a surrogate pair at a cut is no character. */
function wellFormed(text: string): string {
  return text.toWellFormed();
}
