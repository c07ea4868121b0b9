// Sessions as lines of a list that fits the terminal.
import stringWidth from "fast-string-width";
import type { ListedSession } from "../library/sessions.ts";
import { plural } from "../system/plural.ts";
import { escapeControls } from "./terminal-escape.ts";

const MIN_LABEL = 16;
const GAP = "  ";
const graphemes = new Intl.Segmenter();
const UNITS = [
  ["year", 365 * 24 * 60 * 60],
  ["month", 30 * 24 * 60 * 60],
  ["week", 7 * 24 * 60 * 60],
  ["day", 24 * 60 * 60],
  ["hour", 60 * 60],
  ["minute", 60],
] as const;

/** What a line shows of a session; unknown facts are omitted. */
export type Listed = Pick<ListedSession, "id" | "label" | "startedAt" | "lastAt" | "prompts" | "files">;

/** One line for each session, at most `columns` wide: its label, its age, and how many prompts and files it has. */
export function sessionLines(sessions: readonly Listed[], now: Date, columns: number): string[] {
  const facts = sessions.map((session) => factsOf(session, now));
  const labels = sessions.map(({ label, id }) => singleLine(label ?? id));
  const room = Math.max(MIN_LABEL, columns - Math.max(0, ...facts.map(widthOf)) - GAP.length);
  const column = Math.min(room, Math.max(0, ...labels.map(widthOf)));
  return labels.map((label, index) => {
    const shown = truncate(label, column);
    const padding = " ".repeat(column - widthOf(shown));
    return truncate(`${shown}${padding}${GAP}${facts[index]}`, columns).trimEnd();
  });
}

/** How long ago a time was, in its largest unit. */
export function ageOf(time: string, now: Date): string {
  const seconds = Math.floor((now.getTime() - Date.parse(time)) / 1000);
  for (const [unit, length] of UNITS) {
    if (seconds >= length) return `${plural(Math.floor(seconds / length), unit)} ago`;
  }
  return "just now";
}

function factsOf({ lastAt, startedAt, prompts, files }: Listed, now: Date): string {
  const time = lastAt ?? startedAt;
  const facts = [
    time === null ? null : ageOf(time, now),
    prompts === null ? null : plural(prompts, "prompt"),
    files === null ? null : plural(files.length, "file"),
  ];
  return facts.filter((fact) => fact !== null).join(", ");
}

/** Text from a log on one line, safe for a terminal. */
export function singleLine(text: string): string {
  return escapeControls(text.replace(/\s+/g, " ").trim());
}

/** Shortens a text to a number of columns, without splitting a grapheme; a wide grapheme takes two columns. */
export function truncate(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let width = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    width += widthOf(segment);
    if (width >= columns) return `${text.slice(0, index)}…`;
  }
  return text;
}

function widthOf(text: string): number {
  return stringWidth(text);
}
