// The timeline: one row per turn, on `index.html`, `index-002.html`, …. A page other than the first stays the same when
// rows are added, except for its link to the next page.
import { z } from "zod";
import type { TestRun } from "../evidence/evidence.ts";
import type { TranscriptFile } from "./attachments.ts";
import { formatDuration, millisecondsBetween, nameList, plural, timeElement } from "./html/format.ts";
import { type Html, html } from "./html/template.ts";
import { type Totals, TotalsCounter, totalsState } from "./overview.ts";
import { type PageLink, renderPage } from "./page-layout.ts";
import { commitLink, type RepositoryLinks } from "./repository-links.ts";
import { type Turn, turnFacts } from "./turn.ts";
import { PAGE_BOUNDS, type PageBounds } from "./turn-pages.ts";

const MAX_BYTES = 300_000;

/** The facts of a turn, and the page it starts on. */
const timelineRow = z.strictObject({ facts: turnFacts, page: z.string().regex(/^page-\d{3,9}\.html$/) });
const rows = z.array(timelineRow).max(PAGE_BOUNDS.rows);

type TimelineRow = z.output<typeof timelineRow>;

export const timelineState = z.strictObject({ page: z.int().positive(), first: rows, rows, totals: totalsState });

export interface TimelineOptions {
  title: string;
  links: RepositoryLinks | null;
  /** Called with each page once it is full. */
  done: (page: TranscriptFile) => void;
  bounds?: PageBounds;
}

export class TimelinePages {
  readonly #options: TimelineOptions;
  readonly #totals: TotalsCounter;
  /** The first page is written last, because the facts above its rows are known only then. */
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

  /** The number of pages so far. */
  get count(): number {
    return this.#number;
  }

  /** Adds a finished turn and the page it starts on. */
  push(turn: Turn, page: string): void {
    const summary = turn.summary();
    this.#totals.push(summary);
    if (this.#current.isFull(this.#options.bounds ?? PAGE_BOUNDS)) this.#startPage();
    this.#current.push({ facts: summary.facts, page });
  }

  /** Writes the last page, and then the first: `top` goes above its rows, `loader` is its search script. */
  finish(top: Html, loader: string): void {
    if (this.#number > 1) this.#writePage(false);
    const { title, done } = this.#options;
    const links: PageLink[] = [{ href: "page-001.html", text: "first page", rel: "next" }];
    if (this.#number > 1) links.push({ href: indexName(2), text: "next timeline page" });
    const body = html`<h1>${title}</h1>
${top}<h2>Timeline</h2>
${this.#first.render()}`;
    done({ name: indexName(1), content: renderPage({ title, links, body, loader }) });
  }

  save(): z.output<typeof timelineState> {
    const rows = this.#number === 1 ? [] : this.#current.rows;
    return { page: this.#number, first: [...this.#first.rows], rows: [...rows], totals: this.totals };
  }

  #startPage(): void {
    if (this.#number > 1) this.#writePage(true);
    this.#number++;
    this.#current = new Rows(this.#options.links);
  }

  #writePage(hasNext: boolean): void {
    const { title, done } = this.#options;
    const links: PageLink[] = [
      { href: indexName(1), text: "overview", rel: "up" },
      { href: indexName(this.#number - 1), text: "previous timeline page", rel: "prev" },
    ];
    if (hasNext) links.push({ href: indexName(this.#number + 1), text: "next timeline page", rel: "next" });
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

function renderRow({ facts, page }: TimelineRow, links: RepositoryLinks | null): Html {
  const { ordinal, prompt, startedAt, endedAt, files, tests, commits, failed } = facts;
  const duration = millisecondsBetween(startedAt, endedAt);
  const outcome = [
    files.count > 0 && html`<li class="files">${nameList(files.names, files.count)}</li>`,
    ...tests.runs.map(renderTest),
    tests.count > tests.runs.length &&
      html`<li class="test">${andMore(tests.count - tests.runs.length, "test run")}</li>`,
    ...commits.made.map(({ hash, message }) => {
      return html`<li class="commit">${commitLink(hash, links)} ${message}</li>`;
    }),
    commits.count > commits.made.length &&
      html`<li class="commit">${andMore(commits.count - commits.made.length, "commit")}</li>`,
    failed.count > 0 &&
      html`<li class="failed">${plural(failed.count, "failed command")}: ${nameList(failed.commands, failed.count)}</li>`,
  ].filter((part) => part !== false);
  return html`<li value="${ordinal}"><h3><a href="${page}#p${ordinal}">${prompt?.replaceAll(/\n\s*\n/g, "\n") ?? "before the first prompt"}</a></h3>
<p class="when">${timeElement(startedAt)}${duration > 0 && html` <span class="took">${formatDuration(duration)}</span>`}</p>${
    outcome.length > 0 && html`<ul class="outcome">${outcome}</ul>`
  }</li>
`;
}

const TEST_MARKS = { pass: ["✓", "passed"], fail: ["✗", "failed"], unknown: ["?", "result unknown"] } as const;

function renderTest({ cmd, result }: TestRun): Html {
  const [mark, word] = TEST_MARKS[result];
  return html`<li class="test ${result}"><span class="mark" role="img" aria-label="${word}">${mark}</span> <code>${cmd}</code></li>`;
}

function andMore(count: number, noun: string): string {
  return `and ${plural(count, `more ${noun}`)}`;
}
