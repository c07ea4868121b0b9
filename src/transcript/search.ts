// The full-text search of a transcript. Its index is one script per page, in `search/`: a page opened from disk can load
// a script next to it and nothing else. A page's script is bounded like the page, and changes only when the page does.

import type { TranscriptFile } from "./attachments.ts";
import { ByteBuffer } from "./byte-buffer.ts";
import { Html, html, plainText, visibleText } from "./html/template.ts";

/**
 * Collects the searchable text of one block. It is taken from what the page shows, so that what the page omits,
 * truncates or makes visible is treated the same in the search.
 */
export class SearchText {
  readonly #parts: string[] = [];

  /** Adds the text of markup that is shown on the page, and returns the markup. */
  add<Shown extends Html | string>(shown: Shown): Shown {
    const text = (shown instanceof Html ? plainText(shown) : visibleText(shown))
      .replaceAll(/[^\S ]\s*| \s+/g, " ")
      .trim();
    if (text !== "") this.#parts.push(text);
    return shown;
  }

  clear(): void {
    this.#parts.length = 0;
  }

  /** The collected text on one line. */
  get text(): string {
    return this.#parts.join(" ");
  }
}

/** One block that can be found. */
export interface SearchEntry {
  anchor: string;
  kind: string;
  text: string;
}

/** Characters that end a line in old JavaScript, and the start of a tag that would close a script element. */
const UNSAFE = /<(?=\/)|[\u2028\u2029]/g;
const ESCAPES: Record<string, string> = { "<": "\\u003c", "\u2028": "\\u2028", "\u2029": "\\u2029" };

/** Collects the entries of the current page. */
export class SearchIndex {
  readonly #entries = new ByteBuffer();

  add({ anchor, kind, text }: SearchEntry): void {
    if (text === "") return;
    if (!this.#entries.isEmpty) this.#entries.add(",\n");
    this.#entries.add(literal([anchor, kind, text]));
  }

  /** Returns the page's script, one call with plain data, and starts the next page. */
  close(page: string): TranscriptFile {
    const content = this.#entries.take(`addToSearch(${literal(page)}, [\n`, "\n]);\n");
    return { name: `search/${page.replace(/^page-(\d+)\.html$/, "$1")}.js`, content };
  }
}

function literal(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE, (character) => ESCAPES[character] ?? character);
}

/** The search form. It needs JavaScript and is hidden without it. The search goes through the `pages` in order. */
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
