// Output of programs as text: without what only a terminal understands.
import { hasControlChars, stripTerminalCodes } from "../system/terminal-codes.ts";

const CONTROLS = new RegExp(`[${"\u0000-\u0008\u000b-\u001f\u007f-\u009f"}]`, "g");

/** The text without colours, cursor movements and control characters; lines and tabs stay. */
export function plainText(text: string): string {
  return hasControlChars(text) ? stripTerminalCodes(text).replace(CONTROLS, "") : text;
}

/** One line, cut to a length. */
export function plainLine(text: string, max: number): string {
  return cutText(plainText(text).replace(/\s+/g, " ").trim(), max);
}

/** A text cut to a length, the mark of the cut included. */
export function cutText(text: string, max: number): string {
  return text.length <= max ? text : `${sliceWhole(text, max - 1)}…`;
}

/** The first `length` code units, never half a character. */
export function sliceWhole(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, "");
}

/** The last lines of a text, at most so many and at most so long together. */
export function lastLines(text: string, lines: number, length: number): string {
  // Escape sequences take room too: more is read than is kept.
  const tail = plainText(text.slice(-4 * length)).trimEnd();
  return tail
    .split("\n")
    .slice(-lines)
    .join("\n")
    .slice(-length)
    .replace(/^[\udc00-\udfff]/, "");
}
