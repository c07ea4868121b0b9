// Reads a unified diff, a patch without line numbers or the text of a new file as numbered lines.

export type DiffLine =
  | { kind: "context" | "added" | "removed"; old: number | null; now: number | null; text: string }
  | { kind: "gap" | "note"; text: string };

const HUNK = /^@@ -(\d{1,9})(?:,\d{1,9})? \+(\d{1,9})(?:,\d{1,9})? @@ ?(.*)$/;
/** Lines that git writes before the first hunk. */
const HEADER = /^(?:diff --git |index [0-9a-f]|--- |\+\+\+ |old mode |new mode |similarity index |rename )/;

/** Lines of a hunk without line numbers (`@@`, `@@ function x`) have none either. */
export function readDiff(diff: string): DiffLine[] {
  const lines: DiffLine[] = [];
  let old: number | null = null;
  let now: number | null = null;
  let isBody = false;
  const next = (value: number | null) => (value === null ? null : value + 1);
  for (const text of withoutLastNewline(diff).split("\n")) {
    const hunk = HUNK.exec(text);
    if (hunk !== null || /^@@(?: |$)/.test(text)) {
      old = hunk === null ? null : Number(hunk[1]);
      now = hunk === null ? null : Number(hunk[2]);
      if (isBody) lines.push({ kind: "gap", text: hunk?.[3] ?? text.slice(3) });
      isBody = true;
    } else if (!isBody && HEADER.test(text)) {
    } else if (text.startsWith("+")) {
      lines.push({ kind: "added", old: null, now, text: text.slice(1) });
      now = next(now);
      isBody = true;
    } else if (text.startsWith("-")) {
      lines.push({ kind: "removed", old, now: null, text: text.slice(1) });
      old = next(old);
      isBody = true;
    } else if (text.startsWith("\\")) {
      lines.push({ kind: "note", text: text.slice(2) });
    } else {
      lines.push({ kind: "context", old, now, text: text.slice(1) });
      old = next(old);
      now = next(now);
      isBody = true;
    }
  }
  return lines;
}

/** The lines of a new file, all added. */
export function readNewFile(text: string): DiffLine[] {
  if (text === "") return [];
  return withoutLastNewline(text)
    .split("\n")
    .map((line, index) => ({ kind: "added", old: null, now: index + 1, text: line }));
}

export function countDiff(lines: readonly DiffLine[]): { added: number; removed: number } {
  const count = (kind: DiffLine["kind"]) => lines.filter((line) => line.kind === kind).length;
  return { added: count("added"), removed: count("removed") };
}

function withoutLastNewline(text: string): string {
  return text.endsWith("\n") ? text.slice(0, -1) : text;
}
