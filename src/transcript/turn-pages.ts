// Blocks into pages, as they come. A page is bounded by bytes as well as by prompts, and looks the same whatever comes
// after it, but for the link to the next one: a session that goes on changes only its last page.
import { ByteBuffer } from "./byte-buffer.ts";
import type { Html } from "./html/template.ts";
import { html } from "./html/template.ts";
import { type PageLink, renderFrame } from "./page-layout.ts";

const MAX_BYTES = 400_000;
/** No prompt takes more on a page: the rest of it stands in a file beside. */
const PROMPT_BYTES = 150_000;

export interface Page {
  name: string;
  content: Uint8Array;
}

/** How much goes on a page, whatever it weighs. */
export interface PageBounds {
  prompts: number;
  /** Of the timeline. */
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
  /** The page begins in the middle of a conversation. */
  #isContinued = false;

  /** `done` gets each page once it is full. */
  constructor(title: string, done: (page: Page) => void, bounds = PAGE_BOUNDS, number = 1) {
    this.#bounds = bounds;
    this.#number = number;
    this.#title = title;
    this.#done = done;
  }

  /** The last page so far. */
  get number(): number {
    return this.#number;
  }

  /** Whether the next conversation begins a page, whatever it holds: its prompt must fit, heading and all. */
  get isFull(): boolean {
    // After a conversation of several pages a new one begins: pages before it need not be made again then.
    return this.#prompts >= this.#bounds.prompts || this.#isContinued || this.#bytes > MAX_BYTES - PROMPT_BYTES;
  }

  /** The page that the next block goes to, if it is this long. */
  get current(): string {
    return pageName(this.#number);
  }

  /** Begins a conversation: where a page is full, on a new one. */
  begin(ordinal: number): void {
    this.#ordinal = ordinal;
    if (this.isFull) this.#turn();
    this.#prompts++;
    this.#body.add(heading(ordinal).source);
  }

  /** Adds a block and tells which page it went to. */
  add(block: Html): string {
    const bytes = Buffer.byteLength(block.source);
    if (this.#bytes > 0 && this.#bytes + bytes > MAX_BYTES) {
      this.#turn();
      this.#isContinued = true;
      const mark = html`<p class="cut">goes on from the page before</p>\n${heading(this.#ordinal, true)}`;
      this.#body.add(mark.source);
    }
    this.#body.add(block.source);
    this.#bytes += bytes;
    return this.current;
  }

  /** The last page. */
  finish(): void {
    if (!this.#body.isEmpty || this.#number === 1) this.#emit(false);
  }

  #turn(): void {
    this.#emit(true);
    this.#number++;
    this.#bytes = 0;
    this.#prompts = 0;
    this.#isContinued = false;
  }

  #emit(hasNext: boolean): void {
    const links: PageLink[] = [{ href: "index.html", text: "overview", rel: "up" }];
    links.push({ href: "index.html#query", text: "search", rel: "search" });
    if (this.#number > 1) links.push({ href: pageName(this.#number - 1), text: "page before", rel: "prev" });
    if (hasNext) links.push({ href: pageName(this.#number + 1), text: "next page", rel: "next" });
    const { before, after } = renderFrame({ title: `${this.#title}, page ${this.#number}`, links, hasPrompts: true });
    const title = html`<h1>${this.#title} <small>page ${this.#number}</small></h1>\n`;
    this.#done({ name: this.current, content: this.#body.take(before + title.source, after) });
  }
}

function pageName(number: number): string {
  return `page-${String(number).padStart(3, "0")}.html`;
}

function heading(ordinal: number, again = false): Html {
  const text = ordinal === 0 ? "before the first prompt" : `prompt ${ordinal}`;
  return again ? html`<h2>${text}, continued</h2>\n` : html`<h2 id="p${ordinal}">${text}</h2>\n`;
}
