// The pages with the turns: `page-001.html`, `page-002.html`, …. A page is bounded by bytes and by prompts. It stays the
// same when a session continues, except for its link to the next page, so that only the last page changes.
import { ByteBuffer } from "./byte-buffer.ts";
import { type Html, html } from "./html/template.ts";
import { type PageLink, renderFrame } from "./page-layout.ts";

const MAX_BYTES = 400_000;
/** The most bytes a prompt takes on a page. The rest goes to a file next to it. */
const PROMPT_BYTES = 150_000;

export interface Page {
  name: string;
  content: Uint8Array;
}

/** The most items on a page, whatever their size. */
export interface PageBounds {
  prompts: number;
  /** Rows of the timeline. */
  rows: number;
}

export const PAGE_BOUNDS: PageBounds = { prompts: 20, rows: 500 };

export class TurnPages {
  readonly #title: string;
  readonly #done: (page: Page) => void;
  readonly #bounds: PageBounds;
  #number: number;
  readonly #body = new ByteBuffer();
  #bytes = 0;
  #prompts = 0;
  #ordinal = 0;
  /** The page starts in the middle of a turn. */
  #isContinued = false;

  /** Calls `done` with each page once it is full. */
  constructor(title: string, done: (page: Page) => void, bounds = PAGE_BOUNDS, number = 1) {
    this.#bounds = bounds;
    this.#number = number;
    this.#title = title;
    this.#done = done;
  }

  /** The number of pages so far. */
  get count(): number {
    return this.#number;
  }

  /** Whether the next turn starts a new page. There must be room for its prompt and heading. */
  get isFull(): boolean {
    // A turn of several pages is followed by a new page, from which a later export can continue.
    return this.#prompts >= this.#bounds.prompts || this.#isContinued || this.#bytes > MAX_BYTES - PROMPT_BYTES;
  }

  /** Starts a turn, on a new page if the current one is full. */
  begin(ordinal: number): void {
    this.#ordinal = ordinal;
    if (this.isFull) this.#startPage();
    this.#prompts++;
    this.#body.add(heading(ordinal).source);
  }

  /** Adds a block and returns the name of its page. */
  add(block: Html): string {
    const bytes = Buffer.byteLength(block.source);
    if (this.#bytes > 0 && this.#bytes + bytes > MAX_BYTES) {
      this.#startPage();
      this.#isContinued = true;
      const note = html`<p class="cut">continued from the previous page</p>\n${heading(this.#ordinal, true)}`;
      this.#body.add(note.source);
    }
    this.#body.add(block.source);
    this.#bytes += bytes;
    return pageName(this.#number);
  }

  /** Writes the last page. */
  finish(): void {
    if (!this.#body.isEmpty || this.#number === 1) this.#writePage(false);
  }

  #startPage(): void {
    this.#writePage(true);
    this.#number++;
    this.#bytes = 0;
    this.#prompts = 0;
    this.#isContinued = false;
  }

  #writePage(hasNext: boolean): void {
    const links: PageLink[] = [
      { href: "index.html", text: "overview", rel: "up" },
      { href: "index.html#query", text: "search", rel: "search" },
    ];
    if (this.#number > 1) links.push({ href: pageName(this.#number - 1), text: "previous page", rel: "prev" });
    if (hasNext) links.push({ href: pageName(this.#number + 1), text: "next page", rel: "next" });
    const { before, after } = renderFrame({ title: `${this.#title}, page ${this.#number}`, links, hasPrompts: true });
    const title = html`<h1>${this.#title} <small>page ${this.#number}</small></h1>\n`;
    this.#done({ name: pageName(this.#number), content: this.#body.take(before + title.source, after) });
  }
}

function pageName(number: number): string {
  return `page-${String(number).padStart(3, "0")}.html`;
}

function heading(ordinal: number, isContinued = false): Html {
  const text = ordinal === 0 ? "before the first prompt" : `prompt ${ordinal}`;
  return isContinued ? html`<h2>${text}, continued</h2>\n` : html`<h2 id="p${ordinal}">${text}</h2>\n`;
}
