// What the search looks through, as scripts beside the pages: a page that was opened as a file can load those, and
// nothing else. Each page has one of its own, which is bounded as the page is and changes only when the page does.
import { ByteBuffer } from "./byte-buffer.ts";
import type { OutputFile } from "./output-file.ts";

/** One place that can be found. */
export interface SearchEntry {
  anchor: string;
  kind: string;
  text: string;
}

/** Characters that end a line in old JavaScript, and what would end a script within a page. */
const UNSAFE = /<(?=\/)|[\u2028\u2029]/g;
const ESCAPES: Record<string, string> = { "<": "\\u003c", "\u2028": "\\u2028", "\u2029": "\\u2029" };

export class SearchIndex {
  readonly #entries = new ByteBuffer();

  add({ anchor, kind, text }: SearchEntry): void {
    if (text === "") return;
    if (!this.#entries.isEmpty) this.#entries.add(",\n");
    this.#entries.add(literal([anchor, kind, text]));
  }

  /** The script with what was added for a page: one call with plain data. */
  close(page: string): OutputFile {
    const content = this.#entries.take(`addToSearch(${literal(page)}, [\n`, "\n]);\n");
    return { name: shardName(page), content };
  }
}

/** `search/001.js` belongs to `page-001.html`. */
function shardName(page: string): string {
  return `search/${page.replace(/^page-(\d+)\.html$/, "$1")}.js`;
}

function literal(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE, (character) => ESCAPES[character] ?? character);
}
