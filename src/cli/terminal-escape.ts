import { stripInvisible } from "../system/invisible-chars.ts";
import { TERMINAL_CODE } from "../system/terminal-codes.ts";

/**
 * Makes text from logs, repositories and models safe for a terminal. Each escape sequence, control character and
 * bidirectional override becomes U+FFFD, so that nothing moves the cursor, sets the clipboard or forges output;
 * invisible characters are removed. Line feeds and tabs stay.
 */
export function escapeControls(text: string): string {
  return stripInvisible(
    text.replace(TERMINAL_CODE, "\ufffd").replace(/(?![\n\t])[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, "\ufffd"),
  );
}

/** Makes text safe for one line of a terminal: line feeds and tabs are replaced too. */
export function escapeLine(text: string): string {
  return escapeControls(text).replace(/[\n\t]/g, "\ufffd");
}
