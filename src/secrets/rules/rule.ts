// The form of a rule for secrets. Every match contains one of a few words at or near its beginning, and a pattern is only
// tried where such a word occurs, so that even a hostile text is read a bounded number of times.

export interface SecretRule {
  kind: string;
  /** The words that a match begins with, in lower case, of three characters or more; `?` is any character. */
  begins: readonly string[];
  /** A regular expression with the flag `y` (sticky). The text of its group `keep` is not replaced. */
  pattern: RegExp;
  /**
   * For a match that begins before the word: matches the part before the word, ends with `$`, and matches at most 64
   * characters.
   */
  before?: RegExp;
  /** Whether a match is a secret, for forms that are not unique. */
  accepts?: (secret: string) => boolean;
}

const START = "(?<![A-Za-z0-9_])";
export const END = "(?![A-Za-z0-9_])";

/** A secret with a distinctive beginning; `begins` are words separated by spaces. */
export function token(kind: string, begins: string, source: string): SecretRule {
  return { kind, begins: begins.split(" "), pattern: new RegExp(START + source, "y") };
}

/** A secret with a distinctive word inside; `before` matches the part before the word. */
export function tokenAround(kind: string, begins: string, before: string, source: string): SecretRule {
  return { ...token(kind, begins, before + source), before: new RegExp(`${before}$`) };
}

/** A key that consists of one of these prefixes and `after`, the form that many services use. */
export function prefixed(kind: string, after: string, ...prefixes: string[]): SecretRule {
  const escaped = prefixes.map((prefix) => prefix.replace(/[.$~/]/g, "\\$&"));
  const begins = prefixes.map((prefix) => prefix.toLowerCase());
  return { kind, begins, pattern: new RegExp(`${START}(?:${escaped.join("|")})${after}`, "y") };
}
