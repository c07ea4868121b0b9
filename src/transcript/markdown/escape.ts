// Renders untrusted text as Markdown that adds no HTML, mentions nobody, loads nothing and does not affect what follows.
import MarkdownIt from "markdown-it";
import { visibleText } from "../html/template.ts";

/** A zero-width space. After a character with a special meaning, it removes that meaning in prose and in code. */
const GUARD = "\u200b";
/** The start of a tag or comment, of an image, which would be loaded, or of a mention, which would notify someone. */
const SPECIAL = /<(?=[A-Za-z/!?])|!(?=\[)|(?<![\w`])@(?=\w)/g;
const PUNCTUATION = /[\\`*_[\]<>#|~$&]/g;

/** Finds the blocks of a text. Raw HTML is off, because guarded text has none. */
const markdown = new MarkdownIt({ html: false });

/** A code block. Its fence is longer than any in the code. */
export function fenced(text: string, language: string): string {
  const code = visibleText(text).replace(/\n$/, "");
  const fence = "`".repeat(Math.max(3, longestTicks(code) + 1));
  return `${fence}${language}\n${code}\n${fence}`;
}

export function inlineCode(text: string): string {
  const code = visibleText(text).replace(/\s+/g, " ").trim();
  const ticks = "`".repeat(longestTicks(code) + 1);
  const space = code === "" || code.startsWith("`") || code.endsWith("`") ? " " : "";
  return `${ticks}${space}${code}${space}${ticks}`;
}

/** A line of text in which no character has a special meaning. */
export function plainWords(text: string): string {
  const line = visibleText(text).replace(/\s+/g, " ").trim();
  return line.replace(/(?<!\w)@(?=\w)/g, `@${GUARD}`).replace(PUNCTUATION, "\\$&");
}

/** A block quote. */
export function quoted(text: string): string {
  const lines = visibleText(text).trim().split("\n");
  return lines.map((line) => `> ${guard(line)}`.trimEnd()).join("\n");
}

/** Markdown as a model wrote it, with an unclosed block closed so that it does not include the text that follows. */
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
  return line.replace(SPECIAL, `$&${GUARD}`);
}

/** The numbers of the lines in fenced code, which need no guards: every reader agrees that they are code. */
function linesOfCode(source: string): Set<number> {
  const lines = new Set<number>();
  for (const { type, map } of markdown.parse(source, {})) {
    if (type !== "fence" || map === null) continue;
    for (let line = map[0] + 1; line < map[1]; line++) lines.add(line);
  }
  return lines;
}

/** Whether a paragraph after the text is parsed as one. */
function isClosed(source: string): boolean {
  const last = markdown.parse(`${source}\n\nEND`, {}).at(-2);
  return last?.type === "inline" && last.level === 1 && last.content === "END";
}

function longestTicks(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}
