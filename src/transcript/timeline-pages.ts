// The timeline: a row for each conversation, on as many pages as it takes. `index.html` is the first of them; the others
// look the same whatever comes after, but for the link to the next one.
import { z } from "zod";
import { type Html, html } from "./html/template.ts";
import type { OutputFile } from "./output-file.ts";
import { type PageLink, renderPage } from "./page-layout.ts";
import type { RepositoryLinks } from "./repository-links.ts";
import { renderRow, type TimelineRow, timelineRow } from "./timeline-row.ts";
import { type Totals, TotalsCounter, totalsState } from "./totals.ts";
import type { Turn } from "./turn.ts";
import { PAGE_BOUNDS, type PageBounds } from "./turn-pages.ts";

const MAX_BYTES = 300_000;

const rows = z.array(timelineRow).max(PAGE_BOUNDS.rows);

export const timelineState = z.strictObject({ page: z.int().positive(), first: rows, rows, totals: totalsState });

export interface TimelineOptions {
  title: string;
  links: RepositoryLinks | null;
  /** Gets each page once it is full. */
  done: (page: OutputFile) => void;
  bounds?: PageBounds;
}

export class TimelinePages {
  readonly #options: TimelineOptions;
  readonly #totals: TotalsCounter;
  /** The first page is written last: only then is known what stands above its rows. */
  readonly #first: Rows;
  #current: Rows;
  #number: number;

  constructor(options: TimelineOptions, saved?: z.output<typeof timelineState>) {
    this.#options = options;
    this.#totals = new TotalsCounter(saved?.totals);
    this.#number = saved?.page ?? 1;
    this.#first = new Rows(options.links, saved?.first);
    this.#current = this.#number === 1 ? this.#first : new Rows(options.links, saved?.rows);
  }

  get totals(): Totals {
    return this.#totals.totals;
  }

  /** How many pages there are. */
  get pages(): number {
    return this.#number;
  }

  /** Adds a conversation that is over, and the page where it begins. */
  push(conversation: Turn, page: string): void {
    const { facts, files } = conversation.summary();
    this.#totals.push(facts, files);
    if (this.#current.isFull(this.#options.bounds ?? PAGE_BOUNDS)) this.#turn();
    this.#current.push({ facts, page });
  }

  /** The last page, and the first one with what stands above its rows and the script that searches. */
  finish(top: Html, loader: string): void {
    if (this.#number > 1) this.#emit(false);
    const { title, done } = this.#options;
    const links: PageLink[] = [{ href: "page-001.html", text: "first page", rel: "next" }];
    if (this.#number > 1) links.push({ href: indexName(2), text: "timeline goes on" });
    const body = html`<h1>${title}</h1>
${top}<h2>Timeline</h2>
${this.#first.render()}`;
    done({ name: indexName(1), content: renderPage({ title, links, body, loader }) });
  }

  save(): z.output<typeof timelineState> {
    const rows = this.#number === 1 ? [] : this.#current.rows;
    return { page: this.#number, first: [...this.#first.rows], rows: [...rows], totals: this.totals };
  }

  #turn(): void {
    if (this.#number > 1) this.#emit(true);
    this.#number++;
    this.#current = new Rows(this.#options.links);
  }

  #emit(hasNext: boolean): void {
    const { title, done } = this.#options;
    const links: PageLink[] = [{ href: indexName(1), text: "overview", rel: "up" }];
    links.push({ href: indexName(this.#number - 1), text: "timeline before", rel: "prev" });
    if (hasNext) links.push({ href: indexName(this.#number + 1), text: "timeline goes on", rel: "next" });
    const name = `${title}, timeline, page ${this.#number}`;
    const body = html`<h1>${title} <small>timeline, page ${this.#number}</small></h1>\n${this.#current.render()}`;
    done({ name: indexName(this.#number), content: renderPage({ title: name, links, body }) });
  }
}

/** The rows of one page. */
class Rows {
  readonly rows: TimelineRow[] = [];
  readonly #links: RepositoryLinks | null;
  readonly #rendered: Html[] = [];
  #bytes = 0;

  constructor(links: RepositoryLinks | null, rows: readonly TimelineRow[] = []) {
    this.#links = links;
    for (const row of rows) this.push(row);
  }

  isFull(bounds: PageBounds): boolean {
    return this.rows.length >= bounds.rows || this.#bytes > MAX_BYTES;
  }

  push(row: TimelineRow): void {
    const rendered = renderRow(row, this.#links);
    this.rows.push(row);
    this.#rendered.push(rendered);
    this.#bytes += Buffer.byteLength(rendered.source);
  }

  render(): Html {
    return html`<ol class="timeline">${this.#rendered}</ol>
`;
  }
}

function indexName(number: number): string {
  return number === 1 ? "index.html" : `index-${String(number).padStart(3, "0")}.html`;
}
