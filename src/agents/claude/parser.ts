// A session file's lines to events, fed in file order. History is read linearly: a compaction cuts the chain of lines,
// not the file.

import type { SessionEvent } from "../../events/event.ts";
import { HEAD_BYTES } from "../../system/records.ts";
import { fieldsField, textField } from "../fields.ts";
import type { LogParser, ResumePoint } from "../log-parser.ts";
import { type ParseStats, ParseStatsCounter } from "../parse-stats.ts";
import type { TimeRange } from "../range-times.ts";
import { Thread } from "./conversation-parser.ts";
import type { AgentReference, World } from "./open-calls.ts";
import type { ClaudeState } from "./parser-state.ts";
import { readPrompt } from "./prompts.ts";
import { type ClaudeLine, decodeLine, parseClaudeLine } from "./record.ts";
import { isNote, useOfAttachment, useOfHead, useOfType } from "./record-kinds.ts";
import { type Rewind, Rewinds } from "./rewinds.ts";
import { Sidechains } from "./sidechains.ts";
import { Subagents } from "./subagents.ts";

export interface ClaudeSource {
  /** The folder the session began in. */
  cwd: string | null;
  /** Where the log lies, for what lies beside it, and the times of its range; null when only prompts are wanted. */
  beside: { log: string; times: TimeRange } | null;
}

export class ClaudeParser implements LogParser {
  readonly headBytes = HEAD_BYTES;
  readonly #stats = new ParseStatsCounter();
  readonly #subagents: Subagents | null;
  readonly #thread: Thread;
  readonly #sidechains: Sidechains;
  readonly #rewinds: Rewinds;
  #point: { prompt: SessionEvent; point: ResumePoint } | null = null;
  #offset = 0;

  constructor({ cwd, beside }: ClaudeSource, before: ClaudeState | null = null) {
    const unknown = (name: string) => this.#stats.countUnknown(name);
    this.#subagents = beside === null ? null : new Subagents(beside.log, beside.times, unknown);
    const world: World = {
      persisted: (path) => this.#subagents?.persisted(path) ?? null,
      delegated: (agent, until) => this.#delegated(agent, until),
    };
    this.#thread = new Thread(null, world, unknown, before ?? { cwd });
    this.#rewinds = new Rewinds(cwd, before?.rewinds);
    this.#sidechains = new Sidechains(
      (agent) => new Thread(agent, world, unknown, { cwd }),
      (prompt) => this.#thread.calls.delegatingCall(prompt),
    );
  }

  get stats(): ParseStats {
    return this.#stats.stats;
  }

  wants(head: string): boolean {
    this.#stats.countRecord();
    const use = useOfHead(head);
    if (typeof use === "object") this.#stats.countUnknown(use.unknown);
    return use === "needed";
  }

  *record(bytes: Uint8Array, offset: number): Generator<SessionEvent, void, void> {
    this.#offset = offset;
    const line = parseClaudeLine(bytes);
    if (line === null) {
      this.#stats.countUnparsable(offset);
      return;
    }
    if (!this.#isNeeded(line, bytes)) return;
    if (line.fields.isSidechain === true) {
      yield* this.#sidechains.take(line, offset);
      return;
    }
    if (isNote(line.type)) {
      yield* this.#rewound(this.#rewinds.noted(line.fields), offset);
      return;
    }
    const prompt = readPrompt(line);
    if (prompt === null) {
      yield* this.#seen(this.#thread.take(line, offset, null));
      return;
    }
    if (!prompt.isQueued) {
      // Whoever types a prompt of a new turn waits for nothing any more.
      yield* this.#seen(this.#thread.interrupt(line.at));
      yield* this.#sidechains.interrupt(line.at);
    }
    yield* this.#subagents?.advance(line.at) ?? [];
    const point = this.#isOpen ? null : { offset, state: this.#save() };
    for (const event of this.#thread.take(line, offset, prompt)) {
      this.#point = point && { prompt: event, point };
      yield event;
    }
    yield* this.#rewound(this.#rewinds.prompted(prompt.isQueued ? null : line.fields), offset);
  }

  pointBefore(event: SessionEvent): ResumePoint | null {
    return this.#point?.prompt === event ? this.#point.point : null;
  }

  tooLong(offset: number): void {
    this.#stats.countUnparsable(offset);
  }

  *finish(): Generator<SessionEvent, void, void> {
    yield* this.#seen(this.#thread.finish());
    yield* this.#sidechains.finish();
    yield* this.#subagents?.finish(this.#offset) ?? [];
    yield* this.#rewound(this.#rewinds.finish(), this.#offset);
  }

  get #isOpen(): boolean {
    return this.#thread.isOpen || this.#sidechains.isAnyOpen || (this.#subagents?.isAnyOpen ?? false);
  }

  #save(): ClaudeState {
    return { ...this.#thread.save(), rewinds: this.#rewinds.save() };
  }

  *#seen(events: Iterable<SessionEvent>): Generator<SessionEvent, void, void> {
    for (const event of events) {
      this.#rewinds.push(event);
      yield event;
    }
  }

  *#rewound(rewinds: Iterable<Rewind>, offset: number): Generator<SessionEvent, void, void> {
    for (const rewind of rewinds) yield this.#thread.rewound(rewind, offset);
  }

  /** Of lines whose heads did not tell. */
  #isNeeded({ type, fields }: ClaudeLine, bytes: Uint8Array): boolean {
    const attachment = type === "attachment" ? textField(fieldsField(fields, "attachment") ?? {}, "type") : null;
    const use =
      attachment === null ? useOfType(type, decodeLine(bytes.subarray(0, 1024))) : useOfAttachment(attachment);
    if (typeof use === "object") this.#stats.countUnknown(use.unknown);
    return use === "needed";
  }

  #delegated(agent: AgentReference, until: string | null): Iterable<SessionEvent> | null {
    const { call } = agent;
    if (call !== null && this.#sidechains.has(call)) return this.#sidechains.end(call, until);
    return this.#subagents?.delegated(agent, until) ?? null;
  }
}
