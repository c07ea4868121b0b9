import { isAllowed } from "./allowed.ts";
import { continuationEnd, withoutBreaks } from "./wrapped.ts";

/** Hears of every secret that is taken out, as it was written. */
export type Found = (kind: string, secret: string) => void;

export interface Replacement {
  kind: string;
  /** What of the match is no secret and stays in front. */
  keep: string;
  text: string;
}

interface Options {
  pattern: RegExp;
  /** What of a match stands before a place. */
  before?: RegExp | undefined;
  /** What to put for a match; null leaves it as it is. */
  decide: (match: RegExpExecArray, rest: string) => Replacement | null;
  found: Found;
}

const LONGEST_BEFORE = 64;

/**
 * Replaces what a sticky pattern matches at places, which ascend. A secret that a terminal broke into lines is taken to
 * its end, the breaks with it.
 */
export function replaceSecrets(text: string, places: readonly number[], options: Options): string {
  const { pattern, before, decide, found } = options;
  let result = "";
  let done = 0;
  for (const place of places) {
    if (place < done) continue;
    const lead = before?.exec(text.slice(Math.max(done, place - LONGEST_BEFORE), place));
    if (lead === null) continue;
    const at = place - (lead?.[0].length ?? 0);
    const matched = matchAt(text, at, pattern);
    if (matched === null) continue;
    const { match, end } = matched;
    const replacement = decide(match, text.slice(end, end + 2));
    const secret = withoutBreaks(text.slice(at + (replacement?.keep.length ?? 0), end));
    result += text.slice(done, at);
    done = end;
    if (replacement === null || isAllowed(secret)) {
      result += text.slice(at, end);
      continue;
    }
    const { kind, keep } = replacement;
    found(kind, secret);
    result += keep + replacement.text;
  }
  return done === 0 ? text : result + text.slice(done);
}

function matchAt(text: string, at: number, pattern: RegExp): { match: RegExpExecArray; end: number } | null {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  if (match !== null) {
    const end = at + match[0].length;
    return { match, end: continuationEnd(text, end) };
  }
  return null;
}
