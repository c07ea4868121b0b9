// Text of any origin as Markdown that stays where it is put: it opens no markup, calls nobody and loads nothing.
import MarkdownIt from "markdown-it";
import { visibleText } from "../html/template.ts";

/** Cannot be seen, and takes its meaning from the sign before it, in prose and in code alike. */
const GUARD = "\u200b";
/** A tag, a comment; an image, which would be loaded; a name, whose bearer would be told. */
const MEANINGFUL = /<(?=[A-Za-z/!?])|!(?=\[)|(?<![\w`])@(?=\w)/g;
const PUNCTUATION = /[\\`*_[\]<>#|~$&]/g;

/** Finds the blocks of a text. Nothing in it can be markup: that is what the guards are for. */
const markdown = new MarkdownIt({ html: false });

/** A block of code; its fence is longer than any within. */
export function fenced(text: string, language: string): string {
  const code = visibleText(text).replace(/\n$/, "");
  const fence = "`".repeat(Math.max(3, longestTicks(code) + 1));
  return `${fence}${language}\n${code}\n${fence}`;
}

/** Code within a line. */
export function inlineCode(text: string): string {
  const code = visibleText(text).replace(/\s+/g, " ").trim();
  const ticks = "`".repeat(longestTicks(code) + 1);
  const space = code === "" || code.startsWith("`") || code.endsWith("`") ? " " : "";
  return `${ticks}${space}${code}${space}${ticks}`;
}

/** Words within a line that mean only themselves. */
export function plainWords(text: string): string {
  const line = visibleText(text).replace(/\s+/g, " ").trim();
  return line.replace(/(?<!\w)@(?=\w)/g, `@${GUARD}`).replace(PUNCTUATION, "\\$&");
}

/** A person's words, as a quote. */
export function quoted(text: string): string {
  const lines = visibleText(text).trim().split("\n");
  return lines.map((line) => `> ${guard(line)}`.trimEnd()).join("\n");
}

/** Markdown as a model wrote it. What it left open is closed: the text after it is not its own. */
export function prose(text: string): string {
  const source = visibleText(text).trim();
  const code = linesOfCode(source);
  const lines = source.split("\n").map((line, index) => (code.has(index) ? line : guard(line)));
  const guarded = lines.join("\n");
  if (isClosed(guarded)) return guarded;
  const closed = `${guarded}\n${markdown.parse(guarded, {}).at(-1)?.markup ?? ""}`;
  return isClosed(closed) ? closed : fenced(source, "markdown");
}

function guard(line: string): string {
  return line.replace(MEANINGFUL, `$&${GUARD}`);
}

/** The lines within fences. What is code there is code for every reader, and must not get a sign too many. */
function linesOfCode(source: string): Set<number> {
  const lines = new Set<number>();
  for (const { type, map } of markdown.parse(source, {})) {
    if (type !== "fence" || map === null) continue;
    for (let line = map[0] + 1; line < map[1]; line++) lines.add(line);
  }
  return lines;
}

/** Whether a paragraph after the text is a paragraph. */
function isClosed(source: string): boolean {
  const last = markdown.parse(`${source}\n\nEND`, {}).at(-2);
  return last?.type === "inline" && last.level === 1 && last.content === "END";
}

function longestTicks(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}
