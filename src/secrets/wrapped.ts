// Secrets that were broken into lines, by a terminal or by whoever wrote them down.

/** A break as it is, or inside a string; the next line may be indented or be one of a diff. */
const BREAK = /(?:\r?\n|(?:\\r)?\\n)[ \t+]{0,8}/y;
const PART = /[A-Za-z0-9_+/=~%-]{2,4096}(?![A-Za-z0-9_+/=~%(.:-])/y;
/** Nobody breaks lines before this column. */
const NARROWEST = 40;
const MOST_LINES = 64;
const LONGEST_LINE = 1_000;

/** Where a secret ends that goes on in the lines below; where it stands if it does not. */
export function continuationEnd(text: string, from: number): number {
  let end = from;
  for (let line = 0; line < MOST_LINES && isBreak(text, end); line++) {
    BREAK.lastIndex = end;
    const gap = BREAK.exec(text)?.[0].length ?? 0;
    PART.lastIndex = end + gap;
    const part = PART.exec(text)?.[0] ?? "";
    if (!isRest(part) || columnOf(text, end) < NARROWEST) return end;
    end += gap + part.length;
  }
  return end;
}

export function withoutBreaks(text: string): string {
  return isBroken(text) ? text.replace(/(?:\r?\n|(?:\\r)?\\n)[ \t+]{0,8}/g, "") : text;
}

function isBroken(text: string): boolean {
  return text.includes("\n") || text.includes("\\n");
}

function isBreak(text: string, at: number): boolean {
  const first = text.charCodeAt(at);
  return first === 10 || first === 13 || (first === 92 && (text[at + 1] === "n" || text[at + 1] === "r"));
}

/** What follows is the rest of a key, not the next sentence. */
function isRest(part: string): boolean {
  return (/\d/.test(part) && /[A-Za-z]/.test(part)) || /[a-z][A-Z]|[A-Z]{2}[a-z]/.test(part);
}

function columnOf(text: string, end: number): number {
  const before = text.slice(Math.max(0, end - LONGEST_LINE), end);
  return before.length - 1 - Math.max(before.lastIndexOf("\n"), before.lastIndexOf("\\n") + 1, -1);
}
