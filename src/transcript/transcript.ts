// A session's events into the files of its transcript, as they come: only what the timeline shows is kept to the end.
import { z } from "zod";
import type { ResumePoint } from "../agents/log-parser.ts";
import type { SessionHead } from "../agents/session-head.ts";
import type { ModelEvent, SessionEvent } from "../events/event.ts";
import { earlier, later } from "../events/timestamps.ts";
import { Redactor } from "../secrets/redactor.ts";
import { Activity, activityState } from "./activity-chart.ts";
import searchScript from "./assets/search.js" with { type: "text" };
import { renderBlock } from "./blocks/render.ts";
import { clip } from "./conversation-facts.ts";
import { type Html, html } from "./html/template.ts";
import { Attachments, type OutputFile } from "./output-file.ts";
import { renderFacts } from "./overview.ts";
import { redactEvent, redactHeading } from "./redact-event.ts";
import type { RepositoryLinks } from "./repository-links.ts";
import { SearchText } from "./search/found-text.ts";
import { renderSearchBox } from "./search/search-box.ts";
import { SearchIndex } from "./search.ts";
import { SubagentBoxes } from "./subagent-boxes.ts";
import { TimelinePages, timelineState } from "./timeline-pages.ts";
import { Turn } from "./turn.ts";
import { type Page, type PageBounds, TurnPages } from "./turn-pages.ts";

const MAX_MODELS = 20;
const word = z.string().max(1_000).nullable();

/** What a transcript must know of all before a prompt that begins a page, to go on from there. */
export const transcriptState = z.strictObject({
  /** The page the prompt begins. */
  page: z.int().min(2),
  /** Of the prompt before it. */
  ordinal: z.int().nonnegative(),
  model: word,
  models: z.array(z.string().max(1_000)).max(MAX_MODELS),
  startedAt: word,
  endedAt: word,
  activity: activityState,
  timeline: timelineState,
});

export type TranscriptState = z.output<typeof transcriptState>;

/** A point of the log from which a transcript goes on as if it had been given all that stands before. */
export interface Checkpoint {
  point: ResumePoint;
  state: TranscriptState;
}

export interface TranscriptOptions {
  head: SessionHead;
  /** What the session is called; empty when nobody called it anything. */
  label: string;
  actor: string | null;
  links: RepositoryLinks | null;
  /** Whether secrets are taken out; they are, unless the person asked for them. */
  redacts: boolean;
  bounds?: PageBounds;
}

/** What a transcript is called. */
export function titleOf({ label, head }: Pick<TranscriptOptions, "label" | "head">): string {
  return label === "" ? `session ${head.sessionId.slice(0, 8)}` : label;
}

export class Transcript {
  readonly #options: TranscriptOptions;
  readonly #title: string;
  readonly #write: (file: OutputFile) => void;
  readonly #pages: TurnPages;
  readonly #timeline: TimelinePages;
  readonly #search = new SearchIndex();
  readonly #subagents = new SubagentBoxes((box) => this.#place(box));
  readonly #activity: Activity;
  readonly #models: Set<string>;
  #checkpoint: Checkpoint | null = null;
  #model: string | null = null;
  #startedAt: string | null = null;
  #endedAt: string | null = null;
  #conversation: Turn;
  /** Where the conversation begins; null while it has no block. */
  #page: string | null = null;
  #ordinal = 0;
  #blocks = 0;

  readonly #secrets: Redactor;

  /**
   * `write` gets each file once it is complete, in an order that depends on the events alone, and on the secrets that
   * are known already.
   */
  constructor(
    options: TranscriptOptions,
    write: (file: OutputFile) => void,
    before: TranscriptState | null = null,
    secrets = new Redactor(),
  ) {
    this.#secrets = secrets;
    this.#options = options.redacts ? redactHeading(options) : options;
    this.#title = titleOf(this.#options);
    this.#write = write;
    this.#model = before?.model ?? null;
    this.#models = new Set(before?.models);
    this.#startedAt = before?.startedAt ?? null;
    this.#endedAt = before?.endedAt ?? null;
    this.#ordinal = before?.ordinal ?? 0;
    this.#activity = new Activity(before?.activity);
    this.#timeline = new TimelinePages({ ...options, title: this.#title, done: write }, before?.timeline);
    this.#conversation = new Turn(this.#ordinal, options.head.cwd);
    this.#pages = new TurnPages(this.#title, (page) => this.#finishPage(page), options.bounds, before?.page);
  }

  /** The last point that began a page; null where none has since the transcript began or went on. */
  get checkpoint(): Checkpoint | null {
    return this.#checkpoint;
  }

  /** How many pages there are, of conversations and of the timeline. */
  get count(): { pages: number; timeline: number } {
    return { pages: this.#pages.number, timeline: this.#timeline.pages };
  }

  /** `point` is where reading could begin anew with this event. */
  push(event: SessionEvent, point: ResumePoint | null = null): void {
    const told = this.#options.redacts ? redactEvent(event, this.#secrets) : event;
    if (told.kind === "prompt" && told.agent === null) this.#turn(point);
    this.#startedAt = earlier(this.#startedAt, told.at);
    this.#endedAt = later(this.#endedAt, told.at);
    this.#conversation.push(told);
    if (told.kind === "model" && !this.#isChange(told)) return;
    const [beside, found] = [new Attachments(), new SearchText()];
    const { cwd } = this.#options.head;
    const anchor = `p${this.#ordinal}-${this.#blocks + 1}`;
    const block = renderBlock(told, { anchor, attachments: beside, searchText: found, cwd });
    if (block === null) return;
    this.#blocks++;
    this.#activity.push(told.at);
    for (const file of beside.files) this.#write(file);
    const placed = () => this.#search.add({ anchor, kind: told.kind, text: found.text });
    if (told.agent !== null) {
      if (told.kind === "prompt") this.#subagents.tell(told.agent, told.text);
      this.#subagents.push(told.agent, { block, placed });
      return;
    }
    this.#subagents.close();
    this.#place(block);
    placed();
  }

  /** Puts a block on a page. What is found of it is added after that: the page may turn before. */
  #place(block: Html): void {
    if (this.#page === null) this.#pages.begin(this.#ordinal);
    const page = this.#pages.add(block);
    this.#page ??= page;
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
  #isChange({ model, agent }: ModelEvent): boolean {
    const before = this.#model;
    if (this.#models.size < MAX_MODELS) this.#models.add(clip(model));
    // A subagent has a model of its own, and leaves the session's.
    if (agent !== null) return false;
    this.#model = model;
    return before !== null && before !== model;
  }

  /** The next prompt: the conversation before it is over. */
  #turn(point: ResumePoint | null): void {
    this.#close();
    if (point !== null && this.#pages.isFull) this.#checkpoint = { point, state: this.#save() };
    this.#ordinal++;
    this.#blocks = 0;
    this.#page = null;
    this.#conversation = new Turn(this.#ordinal, this.#options.head.cwd);
  }

  #close(): void {
    this.#subagents.turn();
    if (this.#page !== null) this.#timeline.push(this.#conversation, this.#page);
  }

  #save(): TranscriptState {
    return {
      page: this.#pages.number + 1,
      ordinal: this.#ordinal,
      model: this.#model,
      models: [...this.#models],
      startedAt: this.#startedAt,
      endedAt: this.#endedAt,
      activity: this.#activity.save(),
      timeline: this.#timeline.save(),
    };
  }
}
