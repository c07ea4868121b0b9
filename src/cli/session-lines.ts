// Sessions as lines of a list that fit a terminal: what is not known is left out.
import stringWidth from "fast-string-width";
import type { ListedSession } from "../library/sessions.ts";
import { visible } from "./visible.ts";

const LEAST_LABEL = 16;
const GAP = "  ";
const characters = new Intl.Segmenter();
const UNITS = [
  ["year", 365 * 24 * 60 * 60],
  ["month", 30 * 24 * 60 * 60],
  ["week", 7 * 24 * 60 * 60],
  ["day", 24 * 60 * 60],
  ["hour", 60 * 60],
  ["minute", 60],
] as const;

/** What a line tells of a session. */
export type Listed = Pick<ListedSession, "id" | "label" | "startedAt" | "lastAt" | "prompts" | "files">;

/** One line for each session, none wider than `columns`: its label, when it was worked on, prompts and files. */
export function sessionLines(sessions: readonly Listed[], now: Date, columns: number): string[] {
  const facts = sessions.map((session) => factsOf(session, now));
  const labels = sessions.map(({ label, id }) => onOneLine(label ?? id));
  const room = Math.max(LEAST_LABEL, columns - Math.max(0, ...facts.map(widthOf)) - GAP.length);
  const column = Math.min(room, Math.max(0, ...labels.map(widthOf)));
  return labels.map((label, index) => {
    const shown = cut(label, column);
    const padding = " ".repeat(column - widthOf(shown));
    return cut(`${shown}${padding}${GAP}${facts[index]}`, columns).trimEnd();
  });
}

/** How long ago a moment was. */
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

/** Text from a log, safe for the terminal and without line breaks. */
export function onOneLine(text: string): string {
  return visible(text.replace(/\s+/g, " ").trim());
}

/** Cuts a text to so many columns, between characters as a person sees them; a wide one takes two. */
export function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let width = 0;
  for (const { segment, index } of characters.segment(text)) {
    width += widthOf(segment);
    if (width >= columns) return `${text.slice(0, index)}…`;
  }
  return text;
}

function widthOf(text: string): number {
  return stringWidth(text);
}

export function plural(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
