// Text of any length on a page: all of it, or its beginning and end with a link to a file that holds all of it.
import { formatBytes, plural } from "../html/format.ts";
import { renderMarkdown } from "../html/markdown-to-html.ts";
import { type Html, html, visibleText } from "../html/template.ts";
import type { BlockContext } from "./block.ts";

/** How many characters a page shows of the beginning and of the end of a long text. */
const HEAD = 6_000;
const TAIL = 6_000;
/** A text that is only a little longer than both together is shown in full. */
const FULL = HEAD + TAIL + 2_000;
/** Longer Markdown is more likely pasted data than prose. */
const LONGEST_PROSE = 60_000;
/** Even a short Markdown text may expand a lot: thousands of links, a table of empty cells. */
const LONGEST_MARKUP = 200_000;

/**
 * Shows a preformatted text and makes the shown part searchable. `name` is part of the name of the file with the full
 * text; `render` turns terminal output, for example, into markup.
 */
export function longText(
  context: BlockContext,
  name: string,
  text: string,
  render: (text: string) => Html | string = (part) => part,
): Html {
  const show = (part: string) => html`<pre>${context.searchText.add(render(part))}</pre>`;
  if (text.length <= FULL) return show(text);
  const head = throughLastLine(text.slice(0, HEAD));
  const tail = fromFirstLine(text.slice(-TAIL));
  const link = context.attachments.add(`${context.anchor}-${name}.txt`, visibleText(text));
  const omitted = text.length - head.length - tail.length;
  return html`${show(head)}
<p class="cut">${formatBytes(omitted)} omitted: <a href="${link}">all ${plural(countLines(text), "line")}</a></p>
${show(tail)}`;
}

/** Renders the Markdown a model wrote. */
export function prose(text: string, context: BlockContext): Html {
  const rendered = text.length > LONGEST_PROSE ? null : renderMarkdown(text);
  const fits = rendered !== null && rendered.source.length <= LONGEST_MARKUP;
  return html`<div class="prose">${fits ? context.searchText.add(rendered) : longText(context, "text", text)}</div>`;
}

export function countLines(text: string): number {
  let lines = text === "" || text.endsWith("\n") ? 0 : 1;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}

/** Cuts the text after its last complete line, unless that would drop more than half of it. */
function throughLastLine(text: string): string {
  const end = text.lastIndexOf("\n");
  return end < text.length / 2 ? text.replace(/[\ud800-\udbff]$/, "") : text.slice(0, end + 1);
}

/** Starts the text at its first complete line, unless that would drop more than half of it. */
function fromFirstLine(text: string): string {
  const start = text.indexOf("\n") + 1;
  return start === 0 || start > text.length / 2 ? text.replace(/^[\udc00-\udfff]/, "") : text.slice(start);
}
