import { stripInvisible } from "../system/invisible-chars.ts";
import { TERMINAL_CODE } from "../system/terminal-codes.ts";

/**
 * Text from logs, repositories and models made safe for a terminal. What could move the cursor, set the clipboard or
 * forge output becomes U+FFFD, a whole sequence at a time, and so does what reorders a line; what nobody would see goes.
 * Line feeds and tabs stay.
 */
export function visible(text: string): string {
  return stripInvisible(
    text.replace(TERMINAL_CODE, "\ufffd").replace(/(?![\n\t])[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, "\ufffd"),
  );
}

/** The same on one line. */
export function visibleLine(text: string): string {
  return visible(text).replace(/[\n\t]/g, "\ufffd");
}
