// How a rule says what a secret looks like. Every pattern begins with one of a few words, or holds one near its
// beginning, and is only tried where one of them stands, so that a text of any length, hostile or not, is read a
// bounded number of times.

export interface SecretRule {
  kind: string;
  /** In lower case, three characters or more; a `?` is any character. A match begins with one of them, in any case. */
  begins: readonly string[];
  /** Sticky; what its group `keep` matched stays in front of the replacement. */
  pattern: RegExp;
  /** What of the match stands before the word, where it does not begin with it: 64 characters at most, up to `$`. */
  before?: RegExp;
  /** A last look at what matched, for forms that other things have too. */
  accepts?: (secret: string) => boolean;
}

const START = "(?<![A-Za-z0-9_])";
export const END = "(?![A-Za-z0-9_])";

/** A secret that is known by how it begins; `begins` are words with spaces between them. */
export function token(kind: string, begins: string, source: string): SecretRule {
  return { kind, begins: begins.split(" "), pattern: new RegExp(START + source, "y") };
}

/** A secret with a word in it that gives it away; `before` is what stands before the word. */
export function tokenAround(kind: string, begins: string, before: string, source: string): SecretRule {
  return { ...token(kind, begins, before + source), before: new RegExp(`${before}$`) };
}

/** The many services whose keys are a prefix and so many characters after it, by prefix. */
export function prefixed(kind: string, after: string, ...prefixes: string[]): SecretRule {
  const escaped = prefixes.map((prefix) => prefix.replace(/[.$~/]/g, "\\$&"));
  const begins = prefixes.map((prefix) => prefix.toLowerCase());
  return { kind, begins, pattern: new RegExp(`${START}(?:${escaped.join("|")})${after}`, "y") };
}
