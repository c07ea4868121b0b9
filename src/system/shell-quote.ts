/** A word as a POSIX shell reads it back: in quotes unless it matches `plain`. */
export function quoteWord(word: string, plain = /^[\w@%+=:,./-]+$/): string {
  return plain.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Words as one line of shell source. */
export function quoteWords(words: readonly string[]): string {
  return words.map((word) => quoteWord(word)).join(" ");
}
