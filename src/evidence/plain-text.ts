// Program output as plain text, and ways to shorten it.
import { hasControlChars, stripTerminalCodes } from "../system/terminal-codes.ts";

const CONTROLS = new RegExp(`[${"\u0000-\u0008\u000b-\u001f\u007f-\u009f"}]`, "g");

/** The text without colors, cursor movements and control characters; lines and tabs stay. */
export function plainText(text: string): string {
  return hasControlChars(text) ? stripTerminalCodes(text).replace(CONTROLS, "") : text;
}

/** One line, cut to a length. */
export function plainLine(text: string, max: number): string {
  return cutText(plainText(text).replace(/\s+/g, " ").trim(), max);
}

/** A text cut to a length, which includes the `…` at the end. */
export function cutText(text: string, max: number): string {
  return text.length <= max ? text : `${sliceWhole(text, max - 1)}…`;
}

/** The first `length` code units, never half a character. */
export function sliceWhole(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, "");
}

/** The last lines of a text: at most this many, and at most this long together. */
export function lastLines(text: string, lines: number, length: number): string {
  // Reads more than it keeps: removing escape sequences shortens the text.
  const tail = plainText(text.slice(-4 * length)).trimEnd();
  return tail
    .split("\n")
    .slice(-lines)
    .join("\n")
    .slice(-length)
    .replace(/^[\udc00-\udfff]/, "");
}
