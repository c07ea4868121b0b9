/** `1 file`, `2 files`; `nouns` if an `s` is not enough. */
export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : nouns}`;
}
