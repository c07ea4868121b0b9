// A session's events into the files of its transcript, as they come: only what the timeline shows is kept to the end.
import type { SessionEvent, SessionHead } from "../sessions/events.ts";
import { earlier, later } from "../sessions/instant.ts";
import searchScript from "./assets/search.js" with { type: "text" };
import { renderBlock } from "./blocks/render.ts";
import { Activity } from "./chart.ts";
import { Conversation } from "./conversation.ts";
import { html } from "./html/template.ts";
import { renderFacts } from "./overview.ts";
import { type Page, Pages } from "./pages.ts";
import { redactEvent, redactHeading } from "./redact-event.ts";
import type { RepositoryLinks } from "./repository-links.ts";
import { FoundText } from "./search/found-text.ts";
import { renderSearchBox } from "./search/search-box.ts";
import { SearchIndex } from "./search/search-index.ts";
import { type SideFile, SideFiles } from "./side-files.ts";
import { Timeline } from "./timeline.ts";

export interface TranscriptOptions {
  head: SessionHead;
  /** What the session is called; empty when nobody called it anything. */
  label: string;
  actor: string | null;
  links: RepositoryLinks | null;
  /** Whether secrets are taken out; they are, unless the person asked for them. */
  redacts: boolean;
}

/** What a transcript is called. */
export function titleOf({ label, head }: Pick<TranscriptOptions, "label" | "head">): string {
  return label === "" ? `session ${head.sessionId.slice(0, 8)}` : label;
}

export class Transcript {
  readonly #options: TranscriptOptions;
  readonly #title: string;
  readonly #write: (file: SideFile) => void;
  readonly #pages: Pages;
  readonly #timeline: Timeline;
  readonly #search = new SearchIndex();
  readonly #activity = new Activity();
  readonly #models = new Set<string>();
  #model: string | null = null;
  #startedAt: string | null = null;
  #endedAt: string | null = null;
  #conversation: Conversation;
  /** Where the conversation begins; null while it has no block. */
  #page: string | null = null;
  #ordinal = 0;
  #blocks = 0;

  /** `write` gets each file once it is complete, in an order that depends on the events alone. */
  constructor(options: TranscriptOptions, write: (file: SideFile) => void) {
    this.#options = options.redacts ? redactHeading(options) : options;
    this.#title = titleOf(this.#options);
    this.#write = write;
    this.#conversation = new Conversation(0, options.head.cwd);
    this.#pages = new Pages(this.#title, (page) => this.#finishPage(page));
    this.#timeline = new Timeline({ title: this.#title, links: options.links, done: write });
  }

  push(event: SessionEvent): void {
    const told = this.#options.redacts ? redactEvent(event) : event;
    if (told.kind === "prompt" && told.agent === null) this.#turn();
    this.#startedAt = earlier(this.#startedAt, told.at);
    this.#endedAt = later(this.#endedAt, told.at);
    this.#conversation.push(told);
    if (told.kind === "model" && !this.#isChange(told.model)) return;
    const [beside, found] = [new SideFiles(), new FoundText()];
    const { cwd } = this.#options.head;
    const anchor = `p${this.#ordinal}-${this.#blocks + 1}`;
    const block = renderBlock(told, { anchor, beside, found, cwd });
    if (block === null) return;
    if (this.#page === null) this.#pages.begin(this.#ordinal);
    this.#blocks++;
    const page = this.#pages.add(block);
    this.#page ??= page;
    this.#search.add({ anchor, kind: told.kind, text: found.text });
    this.#activity.push(told.at);
    for (const file of beside.files) this.#write(file);
  }

  /** Writes the last page and the overview. */
  finish(): void {
    this.#close();
    this.#pages.finish();
    const { head, actor, links } = this.#options;
    const models = [...this.#models];
    const facts = { head, models, actor, links, startedAt: this.#startedAt, endedAt: this.#endedAt };
    const { totals } = this.#timeline;
    const top = [renderSearchBox(this.#pages.number), renderFacts(facts, totals), this.#activity.render()];
    this.#timeline.finish(html`${top}`, searchScript);
  }

  /** What is to be found on a page goes with it, so that it changes only with the page. */
  #finishPage(page: Page): void {
    this.#write(page);
    this.#write(this.#search.close(page.name));
  }

  /** The first model is told at the top; only another one is worth a mark. */
  #isChange(model: string): boolean {
    const before = this.#model;
    this.#model = model;
    this.#models.add(model);
    return before !== null && before !== model;
  }

  /** The next prompt: the conversation before it is over. */
  #turn(): void {
    this.#close();
    this.#ordinal++;
    this.#blocks = 0;
    this.#page = null;
    this.#conversation = new Conversation(this.#ordinal, this.#options.head.cwd);
  }

  #close(): void {
    if (this.#page !== null) this.#timeline.push(this.#conversation, this.#page);
  }
}
