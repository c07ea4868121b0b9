// A session's events as one Markdown text of bounded length, for a pull request: what was asked, said and done.

import { TOOL_NAMES } from "../../agents/tools.ts";
import type { ModelEvent, SessionEvent } from "../../events/event.ts";
import { earlier, later } from "../../events/timestamps.ts";
import { plainLine } from "../../evidence/plain-text.ts";
import { Redactor } from "../../secrets/redactor.ts";
import { scrubPaths, scrubPathsDeep } from "../../secrets/scrub-paths.ts";
import { formatDuration } from "../html/format.ts";
import { describeTotals } from "../overview.ts";
import { redactEvent, redactHeading } from "../redact-event.ts";
import { TotalsCounter } from "../totals.ts";
import { type TranscriptOptions, titleOf } from "../transcript.ts";
import { Turn } from "../turn.ts";
import { paragraphs, renderBlock } from "./blocks.ts";
import { BoundedBlocks } from "./bounded-blocks.ts";
import { inlineCode, plainWords } from "./escape.ts";
import { renderOutcome } from "./outcome.ts";

/** GitHub takes 65,536 characters; the rest is for the person who pastes it. */
const MAX_BYTES = 60_000;
/** What stands before and between the blocks. */
const FRAME_BYTES = 3_000;
const MAX_TITLE = 200;

const NOUNS: Partial<Record<SessionEvent["kind"], string>> = {
  prompt: "prompt",
  reply: "answer",
  command: "command",
  edit: "edit",
  tool: "tool call",
};

export class MarkdownTranscript {
  readonly #options: TranscriptOptions;
  readonly #blocks = new BoundedBlocks(MAX_BYTES - FRAME_BYTES);
  readonly #totals = new TotalsCounter();
  readonly #models = new Set<string>();
  readonly #secrets: Redactor;
  #conversation: Turn;
  #model: string | null = null;
  #ordinal = 0;
  /** Whose words and deeds were told last: a subagent's, or null for the session's own. */
  #agent: string | null = null;
  #isEmpty = true;
  #isAbridged = false;
  #startedAt: string | null = null;
  #endedAt: string | null = null;

  constructor(options: TranscriptOptions, secrets = new Redactor()) {
    this.#secrets = secrets;
    this.#options = options.redacts ? redactHeading(options) : options;
    this.#conversation = new Turn(0, this.#options.head.cwd);
  }

  push(event: SessionEvent): void {
    const told = this.#options.redacts ? redactEvent(event, this.#secrets) : event;
    const isTurn = told.kind === "prompt" && told.agent === null;
    if (isTurn) this.#turn();
    this.#startedAt = earlier(this.#startedAt, told.at);
    this.#endedAt = later(this.#endedAt, told.at);
    this.#conversation.push(told);
    this.#isAbridged ||= told.kind === "thinking" || (told.kind === "command" && told.output !== "");
    if (told.kind === "model" && !this.#isChange(told)) return;
    const { head, redacts } = this.#options;
    const scrubbed = redacts ? scrubEvent(told, head.cwd) : told;
    const shown = renderBlock(scrubbed, head.cwd) ?? "";
    if (shown === "" && !isTurn) return;
    const text = paragraphs([isTurn && `### Prompt ${this.#ordinal}`, this.#whose(scrubbed), shown]);
    this.#isEmpty = false;
    const isTask = told.kind === "prompt" && !isTurn;
    this.#push(text, (isTask ? null : NOUNS[told.kind]) ?? "remark");
  }

  finish(): string {
    this.#close();
    const note =
      this.#isAbridged && "*Thinking is left out, and what commands printed, but for the end of what failed.*";
    return `${paragraphs([this.#heading(), ...this.#blocks.render(), note])}\n`;
  }

  #heading(): string {
    const { head, links, redacts } = this.#options;
    const took = Date.parse(this.#endedAt ?? "") - Date.parse(this.#startedAt ?? "");
    const facts = [
      TOOL_NAMES[head.tool] + (head.version === null ? "" : ` ${plainWords(head.version.slice(0, 40))}`),
      ...[...this.#models].slice(0, 4).map((model) => plainWords(model.slice(0, 80))),
      this.#startedAt && `${this.#startedAt.slice(0, 10)} ${this.#startedAt.slice(11, 16)} UTC`,
      took > 0 && formatDuration(took),
      links && `[${plainWords(links.name)}](${links.url})`,
    ].filter((fact) => fact !== null && fact !== false && fact !== "");
    const title = titleOf(this.#options).slice(0, MAX_TITLE);
    return paragraphs([
      `## ${plainWords(redacts ? scrubPaths(title, { root: head.cwd }) : title)}`,
      facts.join(" · "),
      describeTotals(this.#totals.totals),
    ]);
  }

  /** Tells when a subagent's work begins, and when the session's own goes on, where the block itself does not. */
  #whose({ kind, agent }: SessionEvent): string | null {
    const before = this.#agent;
    this.#agent = agent;
    if (agent === before || kind === "prompt" || (kind === "reply" && agent !== null)) return null;
    return agent === null ? "*The session:*" : `*The subagent ${inlineCode(plainLine(agent, MAX_TITLE))}:*`;
  }

  /** The first model is told at the top; only another one is worth a mark. */
  #isChange({ model, agent }: ModelEvent): boolean {
    const before = this.#model;
    this.#models.add(model);
    if (agent !== null) return false;
    this.#model = model;
    return before !== null && before !== model;
  }

  #turn(): void {
    this.#close();
    this.#ordinal++;
    this.#isEmpty = true;
    this.#conversation = new Turn(this.#ordinal, this.#options.head.cwd);
  }

  #close(): void {
    if (this.#isEmpty) return;
    const { head, links, redacts } = this.#options;
    const { facts, files } = this.#conversation.summary();
    this.#totals.push(facts, files);
    const outcome = renderOutcome(redacts ? scrubPathsDeep(facts, { root: head.cwd }) : facts, links);
    if (outcome !== "") this.#push(outcome, "summary");
  }

  #push(text: string, noun: string): void {
    this.#blocks.push({ text, noun, ordinal: this.#ordinal });
  }
}

/** What others read tells nobody's home folder or address. An image is only counted. */
function scrubEvent(event: SessionEvent, cwd: string | null): SessionEvent {
  const told =
    "images" in event && event.images !== undefined
      ? { ...event, images: event.images.map(() => ({ url: "" })) }
      : event;
  return scrubPathsDeep(told, { root: cwd });
}
