// Secrets that a terminal or an author wrapped over several lines.

/** A line break, real or escaped inside a string, with the indentation or diff sign of the next line. */
const BREAK = "(?:\\r?\\n|(?:\\\\r)?\\\\n)[ \\t+]{0,8}";
const BREAK_AT = new RegExp(BREAK, "y");
const ANY_BREAK = new RegExp(BREAK, "g");
const PART = /[A-Za-z0-9_+/=~%-]{2,4096}(?![A-Za-z0-9_+/=~%(.:-])/y;
/** Lines shorter than this are not wrapped. */
const MIN_COLUMN = 40;
const MAX_LINES = 64;
const MAX_COLUMN = 1_000;

/** The end of a secret that ends at `from` or continues on the following lines. */
export function endOfWrapped(text: string, from: number): number {
  let end = from;
  for (let line = 0; line < MAX_LINES && isBreak(text, end); line++) {
    BREAK_AT.lastIndex = end;
    const gap = BREAK_AT.exec(text)?.[0].length ?? 0;
    PART.lastIndex = end + gap;
    const part = PART.exec(text)?.[0] ?? "";
    if (!isContinuation(part) || columnOf(text, end) < MIN_COLUMN) return end;
    end += gap + part.length;
  }
  return end;
}

/** The text without its line breaks. */
export function unwrap(text: string): string {
  return text.includes("\n") || text.includes("\\n") ? text.replace(ANY_BREAK, "") : text;
}

function isBreak(text: string, at: number): boolean {
  const first = text.charCodeAt(at);
  return first === 10 || first === 13 || (first === 92 && (text[at + 1] === "n" || text[at + 1] === "r"));
}

/** Whether this looks like the rest of a key rather than the next sentence. */
function isContinuation(part: string): boolean {
  return (/\d/.test(part) && /[A-Za-z]/.test(part)) || /[a-z][A-Z]|[A-Z]{2}[a-z]/.test(part);
}

function columnOf(text: string, end: number): number {
  const before = text.slice(Math.max(0, end - MAX_COLUMN), end);
  return before.length - 1 - Math.max(before.lastIndexOf("\n"), before.lastIndexOf("\\n") + 1, -1);
}
