// Turns the events of a session into the files of its transcript, as they come. Only timeline rows are held to the end.
import { z } from "zod";
import type { ResumePoint } from "../agents/log-parser.ts";
import type { SessionHead } from "../agents/session-head.ts";
import type { SessionEvent } from "../events/event.ts";
import { Redactor } from "../secrets/redactor.ts";
import { ActivityChart, activityState } from "./activity-chart.ts";
import searchScript from "./assets/search.js" with { type: "text" };
import { Attachments, type TranscriptFile } from "./attachments.ts";
import { renderBlock } from "./blocks/render.ts";
import { type Html, html } from "./html/template.ts";
import { renderFacts } from "./overview.ts";
import { redactEvent, redactHeading } from "./redact-event.ts";
import type { RepositoryLinks } from "./repository-links.ts";
import { renderSearchBox, SearchIndex, SearchText } from "./search.ts";
import { SubagentBoxes } from "./subagent-boxes.ts";
import { TimelinePages, timelineState } from "./timeline-pages.ts";
import { TimesAndModels, timesAndModelsState } from "./times-and-models.ts";
import { Turn } from "./turn.ts";
import { type Page, type PageBounds, TurnPages } from "./turn-pages.ts";

/** What a transcript needs to know of everything before a prompt that starts a page, to continue from there. */
export const transcriptState = z.strictObject({
  /** The page the prompt starts. */
  page: z.int().min(2),
  /** The number of the prompt before it. */
  ordinal: z.int().nonnegative(),
  ...timesAndModelsState.shape,
  activity: activityState,
  timeline: timelineState,
});

export type TranscriptState = z.output<typeof transcriptState>;

/** A point of the log at which a transcript can continue as if it had read everything before. */
export interface Checkpoint {
  point: ResumePoint;
  state: TranscriptState;
}

export interface TranscriptOptions {
  head: SessionHead;
  /** The name of the session; empty if it has none. */
  label: string;
  actor: string | null;
  links: RepositoryLinks | null;
  /** Whether secrets are removed. */
  redacts: boolean;
  bounds?: PageBounds;
}

export function titleOf({ label, head }: Pick<TranscriptOptions, "label" | "head">): string {
  return label === "" ? `session ${head.sessionId.slice(0, 8)}` : label;
}

export class Transcript {
  readonly #options: TranscriptOptions;
  readonly #title: string;
  readonly #write: (file: TranscriptFile) => void;
  readonly #secrets: Redactor;
  readonly #pages: TurnPages;
  readonly #timeline: TimelinePages;
  readonly #search = new SearchIndex();
  readonly #subagents = new SubagentBoxes((box) => this.#place(box));
  readonly #activity: ActivityChart;
  readonly #timesAndModels: TimesAndModels;
  #checkpoint: Checkpoint | null = null;
  #turn: Turn;
  /** The page the turn starts on; null while it has no block. */
  #page: string | null = null;
  #ordinal: number;
  #blocks = 0;

  /**
   * Calls `write` with each file once it is complete. The order of the files depends only on the events and on the
   * secrets known from the start.
   */
  constructor(
    options: TranscriptOptions,
    write: (file: TranscriptFile) => void,
    before: TranscriptState | null = null,
    secrets = new Redactor(),
  ) {
    this.#secrets = secrets;
    this.#options = options.redacts ? redactHeading(options) : options;
    this.#title = titleOf(this.#options);
    this.#write = write;
    this.#timesAndModels = new TimesAndModels(before ?? undefined);
    this.#ordinal = before?.ordinal ?? 0;
    this.#activity = new ActivityChart(before?.activity);
    this.#timeline = new TimelinePages({ ...options, title: this.#title, done: write }, before?.timeline);
    this.#turn = new Turn(this.#ordinal, options.head.cwd);
    this.#pages = new TurnPages(this.#title, (page) => this.#writePage(page), options.bounds, before?.page);
  }

  /** The last point that started a page; null if there was none in the events pushed. */
  get checkpoint(): Checkpoint | null {
    return this.#checkpoint;
  }

  /** The number of pages with turns, and of pages of the timeline. */
  get count(): { pages: number; timeline: number } {
    return { pages: this.#pages.count, timeline: this.#timeline.count };
  }

  /** `point` is set where reading could resume at this event. */
  push(original: SessionEvent, point: ResumePoint | null = null): void {
    const event = this.#options.redacts ? redactEvent(original, this.#secrets) : original;
    if (event.kind === "prompt" && event.agent === null) this.#startTurn(point);
    this.#turn.push(event);
    if (!this.#timesAndModels.push(event)) return;
    const [attachments, searchText] = [new Attachments(), new SearchText()];
    const anchor = `p${this.#ordinal}-${this.#blocks + 1}`;
    const block = renderBlock(event, { anchor, attachments, searchText, cwd: this.#options.head.cwd });
    if (block === null) return;
    this.#blocks++;
    this.#activity.push(event.at);
    for (const file of attachments.files) this.#write(file);
    const placed = () => this.#search.add({ anchor, kind: event.kind, text: searchText.text });
    if (event.agent !== null) {
      if (event.kind === "prompt") this.#subagents.setTask(event.agent, event.text);
      this.#subagents.push(event.agent, { block, placed });
      return;
    }
    this.#subagents.close();
    this.#place(block);
    placed();
  }

  /** Writes the last page and the timeline. */
  finish(): void {
    this.#endTurn();
    this.#pages.finish();
    const { head, actor, links } = this.#options;
    const facts = { head, actor, links, ...this.#timesAndModels.state };
    const { totals } = this.#timeline;
    const top = [renderSearchBox(this.#pages.count), renderFacts(facts, totals), this.#activity.render()];
    this.#timeline.finish(html`${top}`, searchScript);
  }

  /** Adds a block to a page. Its search entry is added afterwards, because the block may start a new page. */
  #place(block: Html): void {
    if (this.#page === null) this.#pages.begin(this.#ordinal);
    const page = this.#pages.add(block);
    this.#page ??= page;
  }

  /** Writes the page's search entries with it, so that they change only when the page does. */
  #writePage(page: Page): void {
    this.#write(page);
    this.#write(this.#search.close(page.name));
  }

  #startTurn(point: ResumePoint | null): void {
    this.#endTurn();
    if (point !== null && this.#pages.isFull) this.#checkpoint = { point, state: this.#save() };
    this.#ordinal++;
    this.#blocks = 0;
    this.#page = null;
    this.#turn = new Turn(this.#ordinal, this.#options.head.cwd);
  }

  #endTurn(): void {
    this.#subagents.endTurn();
    if (this.#page !== null) this.#timeline.push(this.#turn, this.#page);
  }

  #save(): TranscriptState {
    return {
      page: this.#pages.count + 1,
      ordinal: this.#ordinal,
      ...this.#timesAndModels.state,
      activity: this.#activity.save(),
      timeline: this.#timeline.save(),
    };
  }
}
