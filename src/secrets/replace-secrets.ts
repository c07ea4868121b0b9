// Replaces what the rules match, except values that the user allows.
import { placeholder } from "./placeholder.ts";
import { endOfWrapped, unwrap } from "./wrapped-lines.ts";

/** Called with every secret that is replaced, as it was written. */
export type SecretHandler = (kind: string, secret: string) => void;

export interface Replacement {
  kind: string;
  /** The start of the match that is not secret and is kept. */
  keep: string;
}

interface Options {
  /** A regular expression with the flag `y` (sticky). */
  pattern: RegExp;
  /** Matches the part of a match that precedes its position. */
  before?: RegExp | undefined;
  /** How to replace a match; null keeps the match. `rest` is the text after it. */
  decide: (match: RegExpExecArray, rest: string) => Replacement | null;
  onSecret: SecretHandler;
}

const MAX_BEFORE = 64;

let allowed: ReadonlySet<string> = new Set();

/** Sets the values that are not secrets, whatever they look like. */
export function setAllowed(values: readonly string[]): void {
  allowed = new Set(values);
}

export function isAllowed(value: string): boolean {
  return allowed.size > 0 && allowed.has(value);
}

/**
 * Replaces what a pattern matches at the given positions, in ascending order. A secret that continues on the next lines,
 * because a terminal wrapped it, is replaced up to its end.
 */
export function replaceSecrets(text: string, positions: readonly number[], options: Options): string {
  const { pattern, before, decide, onSecret } = options;
  let result = "";
  let done = 0;
  for (const position of positions) {
    if (position < done) continue;
    const lead = before?.exec(text.slice(Math.max(done, position - MAX_BEFORE), position));
    if (lead === null) continue;
    const at = position - (lead?.[0].length ?? 0);
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) continue;
    const end = endOfWrapped(text, at + match[0].length);
    const replacement = decide(match, text.slice(end, end + 2));
    const start = at + (replacement?.keep.length ?? 0);
    result += text.slice(done, start);
    const written = text.slice(start, end);
    result += replacement === null ? written : redactSecret(written, replacement.kind, onSecret);
    done = end;
  }
  return done === 0 ? text : result + text.slice(done);
}

/** The placeholder for a secret, or the secret if it is allowed. */
export function redactSecret(written: string, kind: string, onSecret: SecretHandler): string {
  const secret = unwrap(written);
  if (isAllowed(secret)) return written;
  onSecret(kind, secret);
  return placeholder(kind);
}
