// Text of any length within a page: all of it, or its beginning and its end with the whole in a file beside the page.
import { formatBytes, plural } from "../html/format.ts";
import { type Html, html, visibleText } from "../html/template.ts";
import type { BlockContext } from "./block.ts";

/** What stays on the page, in characters. */
const HEAD = 6_000;
const TAIL = 6_000;
/** A text that is hardly longer than its two ends is shown whole. */
const WHOLE = HEAD + TAIL + 2_000;

/** `name` is what the file is called after, `render` turns text into markup. What is shown is found by the search. */
export function longText(
  context: BlockContext,
  name: string,
  text: string,
  render: (text: string) => Html | string,
): Html {
  const shown = (part: string) => html`<pre>${context.searchText.add(render(part))}</pre>`;
  if (text.length <= WHOLE) return shown(text);
  const head = upToLine(text.slice(0, HEAD));
  const tail = fromLine(text.slice(-TAIL));
  const link = context.attachments.add(`${context.anchor}-${name}.txt`, visibleText(text));
  const omitted = text.length - head.length - tail.length;
  return html`${shown(head)}
<p class="cut">${formatBytes(omitted)} left out here: <a href="${link}">all ${plural(countLines(text), "line")}</a></p>
${shown(tail)}`;
}

export function countLines(text: string): number {
  let lines = text === "" || text.endsWith("\n") ? 0 : 1;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}

/** Up to the last whole line, unless that would be next to nothing. */
function upToLine(text: string): string {
  const end = text.lastIndexOf("\n");
  return end < text.length / 2 ? text.replace(/[\ud800-\udbff]$/, "") : text.slice(0, end + 1);
}

function fromLine(text: string): string {
  const start = text.indexOf("\n") + 1;
  return start === 0 || start > text.length / 2 ? text.replace(/^[\udc00-\udfff]/, "") : text.slice(start);
}
