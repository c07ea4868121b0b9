// What a model wrote for a person to read, as markup.
import { renderMarkdown } from "../html/markdown-to-html.ts";
import { type Html, html } from "../html/template.ts";
import type { BlockContext } from "./block.ts";
import { longText } from "./text.ts";

/** Longer texts are no prose any more, but something that was pasted. */
const LONGEST_PROSE = 60_000;
/** A short text may become a lot of markup: thousands of links, a table of empty cells. */
const LONGEST_MARKUP = 200_000;

export function prose(text: string, context: BlockContext): Html {
  const rendered = text.length > LONGEST_PROSE ? null : renderMarkdown(text);
  const fits = rendered !== null && rendered.source.length <= LONGEST_MARKUP;
  const shown = fits ? context.searchText.add(rendered) : longText(context, "text", text, (part) => part);
  return html`<div class="prose">${shown}</div>`;
}
