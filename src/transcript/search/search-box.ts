// The box that searches the whole transcript. It needs script, and is not shown without.
import { type Html, html } from "../html/template.ts";

/** `pages` is how many there are: the search goes through them in order. */
export function renderSearchBox(pages: number): Html {
  return html`<form class="search" role="search" data-pages="${pages}" hidden>
<label for="query">search the transcript</label>
<input id="query" type="search" autocomplete="off" spellcheck="false" placeholder="prompts, commands, outputs">
<p role="status" aria-live="polite"></p>
<ol class="results"></ol>
<button type="button" class="more" hidden>show more</button>
</form>
`;
}
