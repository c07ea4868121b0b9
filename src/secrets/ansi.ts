/** Codes for colours and the cursor, as they are or written out inside a string. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape is what a code begins with
const CODE = /(?:\u001b|\\u001b|\\x1b)\[[0-9;?]{0,32}[A-Za-z]/gi;

export function stripAnsi(text: string): string {
  return text.replace(CODE, "");
}
