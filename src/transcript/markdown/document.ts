// Renders a session as one Markdown document of bounded length, for a pull request.
import { agentOf } from "../../agents/registry.ts";
import type { SessionEvent } from "../../events/event.ts";
import { plainLine } from "../../evidence/plain-text.ts";
import { Redactor } from "../../secrets/redactor.ts";
import { scrubPaths, scrubPathsDeep } from "../../secrets/scrub-paths.ts";
import { readEvents } from "../../sessions/read.ts";
import { resolveWindow } from "../../sessions/window.ts";
import { formatDuration, millisecondsBetween } from "../html/format.ts";
import { describeTotals, TotalsCounter } from "../overview.ts";
import { redactEvent, redactHeading } from "../redact-event.ts";
import { TimesAndModels } from "../times-and-models.ts";
import { type TranscriptOptions, titleOf } from "../transcript.ts";
import { Turn } from "../turn.ts";
import type { TranscriptSource } from "../write.ts";
import { paragraphs, renderBlock, renderOutcome } from "./blocks.ts";
import { BoundedBlocks } from "./bounded-blocks.ts";
import { inlineCode, plainWords } from "./escape.ts";

/** GitHub accepts 65,536 characters. The rest is left to the author of the pull request. */
const MAX_BYTES = 60_000;
/** Reserved for the heading and the notes. */
const FRAME_BYTES = 3_000;
const MAX_TITLE = 200;

const NOUNS: Partial<Record<SessionEvent["kind"], string>> = {
  prompt: "prompt",
  reply: "answer",
  command: "command",
  edit: "edit",
  tool: "tool call",
};

/** The session in a log as Markdown, without the copied history of a fork. Memory does not grow with the log. */
export async function writeMarkdown({ log, ...options }: TranscriptSource): Promise<string> {
  const range = await resolveWindow(log, options.head, { start: null, end: null });
  const secrets = new Redactor();
  const render = async () => {
    const transcript = new MarkdownTranscript(options, secrets);
    await readEvents(log, range, (event) => transcript.push(event));
    return transcript.finish();
  };
  const text = await render();
  // A secret found by the first pass may have been printed before the point where it was recognized.
  return secrets.size === 0 ? text : await render();
}

export class MarkdownTranscript {
  readonly #options: TranscriptOptions;
  readonly #blocks = new BoundedBlocks(MAX_BYTES - FRAME_BYTES);
  readonly #totals = new TotalsCounter();
  readonly #timesAndModels = new TimesAndModels();
  readonly #secrets: Redactor;
  #turn: Turn;
  #ordinal = 0;
  /** The subagent of the last block; null if it was the session's own. */
  #agent: string | null = null;
  /** Whether the turn has no block yet. */
  #isEmpty = true;
  #isAbridged = false;

  constructor(options: TranscriptOptions, secrets = new Redactor()) {
    this.#secrets = secrets;
    this.#options = options.redacts ? redactHeading(options) : options;
    this.#turn = new Turn(0, this.#options.head.cwd);
  }

  push(original: SessionEvent): void {
    const { head, redacts } = this.#options;
    const event = redacts ? redactEvent(original, this.#secrets) : original;
    const isPrompt = event.kind === "prompt" && event.agent === null;
    if (isPrompt) this.#startTurn();
    this.#turn.push(event);
    this.#isAbridged ||= event.kind === "thinking" || (event.kind === "command" && event.output !== "");
    if (!this.#timesAndModels.push(event)) return;
    const scrubbed = redacts ? scrubEvent(event, head.cwd) : event;
    const shown = renderBlock(scrubbed, head.cwd) ?? "";
    if (shown === "" && !isPrompt) return;
    this.#isEmpty = false;
    const isTask = event.kind === "prompt" && !isPrompt;
    const text = paragraphs([isPrompt && `### Prompt ${this.#ordinal}`, this.#speaker(scrubbed), shown]);
    this.#push(text, (isTask ? null : NOUNS[event.kind]) ?? "note");
  }

  finish(): string {
    this.#endTurn();
    const note =
      this.#isAbridged && "*Thinking and command output are omitted, except the last lines of failed commands.*";
    return `${paragraphs([this.#heading(), ...this.#blocks.render(), note])}\n`;
  }

  #heading(): string {
    const { head, links, redacts } = this.#options;
    const { models, startedAt, endedAt } = this.#timesAndModels.state;
    const duration = millisecondsBetween(startedAt, endedAt);
    const facts = [
      agentOf(head.tool).name + (head.version === null ? "" : ` ${plainWords(head.version.slice(0, 40))}`),
      ...models.slice(0, 4).map((model) => plainWords(model.slice(0, 80))),
      startedAt && `${startedAt.slice(0, 10)} ${startedAt.slice(11, 16)} UTC`,
      duration > 0 && formatDuration(duration),
      links && `[${plainWords(links.name)}](${links.url})`,
    ].filter((fact) => fact !== null && fact !== false && fact !== "");
    const title = titleOf(this.#options).slice(0, MAX_TITLE);
    return paragraphs([
      `## ${plainWords(redacts ? scrubPaths(title, { root: head.cwd }) : title)}`,
      facts.join(" · "),
      describeTotals(this.#totals.totals),
    ]);
  }

  /** A line that names the subagent, or the main session, when it changes and the block itself does not say so. */
  #speaker({ kind, agent }: SessionEvent): string | null {
    const before = this.#agent;
    this.#agent = agent;
    if (agent === before || kind === "prompt" || (kind === "reply" && agent !== null)) return null;
    return agent === null ? "*Main session:*" : `*Subagent ${inlineCode(plainLine(agent, MAX_TITLE))}:*`;
  }

  #startTurn(): void {
    this.#endTurn();
    this.#ordinal++;
    this.#isEmpty = true;
    this.#turn = new Turn(this.#ordinal, this.#options.head.cwd);
  }

  #endTurn(): void {
    if (this.#isEmpty) return;
    const { head, links, redacts } = this.#options;
    const summary = this.#turn.summary();
    this.#totals.push(summary);
    const { facts } = summary;
    const outcome = renderOutcome(redacts ? scrubPathsDeep(facts, { root: head.cwd }) : facts, links);
    if (outcome !== "") this.#push(outcome, "summary");
  }

  #push(text: string, noun: string): void {
    this.#blocks.push({ text, noun, ordinal: this.#ordinal });
  }
}

/** Removes home folders and e-mail addresses, because others will read the document. Images are only counted. */
function scrubEvent(event: SessionEvent, cwd: string | null): SessionEvent {
  const withoutImages =
    "images" in event && event.images !== undefined
      ? { ...event, images: event.images.map(() => ({ url: "" })) }
      : event;
  return scrubPathsDeep(withoutImages, { root: cwd });
}
