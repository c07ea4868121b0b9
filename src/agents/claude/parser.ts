// Turns the records of a session file into events, in file order. Compactions and rewinds only change the chain of parent
// ids, not the order of the file.

import type { SessionEvent } from "../../events/event.ts";
import { HEAD_BYTES } from "../../system/record-visitor.ts";
import { fieldsField, textField } from "../fields.ts";
import type { LogParser, ResumePoint } from "../log-parser.ts";
import { type ParseStats, ParseStatsCounter } from "../parse-stats.ts";
import type { TimeRange } from "../record-times.ts";
import { SeenIds } from "../seen-ids.ts";
import { ConversationParser } from "./conversation-parser.ts";
import type { SessionFiles, SubagentReference } from "./open-calls.ts";
import type { ClaudeState } from "./parser-state.ts";
import { readPrompt } from "./prompts.ts";
import { type ClaudeRecord, decodeText, isRepeated, OPENING, parseRecord } from "./record.ts";
import { isFileHistory, useOfAttachment, useOfHead, useOfType } from "./record-kinds.ts";
import { type Rewind, Rewinds } from "./rewinds.ts";
import { Sidechains } from "./sidechains.ts";
import { Subagents } from "./subagents.ts";

export interface ClaudeSource {
  /** The directory the session began in. */
  cwd: string | null;
  /** The log, whose sidecar files are read, and the times of its range; null when only prompts are needed. */
  beside: { log: string; times: TimeRange } | null;
}

export class ClaudeParser implements LogParser {
  readonly headBytes = HEAD_BYTES;
  readonly opening = OPENING;
  readonly #stats = new ParseStatsCounter();
  readonly #subagents: Subagents | null;
  readonly #conversation: ConversationParser;
  readonly #sidechains: Sidechains;
  readonly #rewinds: Rewinds;
  /** A record may be in the log twice, or in the log and in that of a subagent. */
  readonly #seen = new SeenIds();
  #resume: { prompt: SessionEvent; point: ResumePoint } | null = null;
  #offset = 0;

  /** `before`: the saved state when parsing resumes. */
  constructor({ cwd, beside }: ClaudeSource, before: ClaudeState | null = null) {
    const countUnknown = (name: string) => this.#stats.countUnknown(name);
    this.#subagents = beside === null ? null : new Subagents(beside.log, beside.times, this.#seen, countUnknown);
    const files: SessionFiles = {
      persistedOutput: (path) => this.#subagents?.persistedOutput(path) ?? null,
      subagentEvents: (reference, until) => this.#subagentEvents(reference, until),
    };
    this.#conversation = new ConversationParser(null, files, countUnknown, before ?? { cwd });
    this.#rewinds = new Rewinds(cwd, before?.rewinds);
    this.#sidechains = new Sidechains(
      (agent) => new ConversationParser(agent, files, countUnknown, { cwd }),
      (prompt) => this.#conversation.calls.delegatingCall(prompt),
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

  record(bytes: Uint8Array, offset: number): Iterable<SessionEvent> | null {
    const record = parseRecord(bytes);
    return record && this.#events(record, bytes, offset);
  }

  *#events(record: ClaudeRecord, bytes: Uint8Array, offset: number): Generator<SessionEvent, void, void> {
    this.#offset = offset;
    if (!this.#isNeeded(record, bytes) || isRepeated(record, this.#seen)) return;
    if (record.fields.isSidechain === true) {
      yield* this.#sidechains.record(record, offset);
      return;
    }
    if (isFileHistory(record.type)) {
      yield* this.#rewindEvents(this.#rewinds.addFileHistory(record.fields), offset);
      return;
    }
    const prompt = readPrompt(record);
    if (prompt === null) {
      yield* this.#observed(this.#conversation.record(record, offset, null));
      return;
    }
    if (!prompt.isQueued) {
      // The prompt begins a new turn, so no record can complete a call of the last turn any more.
      yield* this.#observed(this.#conversation.interrupt(record.at));
      yield* this.#sidechains.interrupt(record.at);
    }
    yield* this.#subagents?.advance(record.at) ?? [];
    const point = this.#isOpen ? null : { offset, state: this.#save() };
    for (const event of this.#conversation.record(record, offset, prompt)) {
      this.#resume = point && { prompt: event, point };
      yield event;
    }
    yield* this.#rewindEvents(this.#rewinds.addPrompt(prompt.isQueued ? null : record.fields), offset);
  }

  pointBefore(event: SessionEvent): ResumePoint | null {
    return this.#resume?.prompt === event ? this.#resume.point : null;
  }

  damaged(offset: number): void {
    this.#stats.countUnparsable(offset);
  }

  *finish(): Generator<SessionEvent, void, void> {
    yield* this.#observed(this.#conversation.finish());
    yield* this.#sidechains.finish();
    yield* this.#subagents?.finish(this.#offset) ?? [];
    yield* this.#rewindEvents(this.#rewinds.finish(), this.#offset);
  }

  get #isOpen(): boolean {
    return this.#conversation.isOpen || this.#sidechains.isOpen || (this.#subagents?.isOpen ?? false);
  }

  #save(): ClaudeState {
    return { ...this.#conversation.save(), rewinds: this.#rewinds.save() };
  }

  *#observed(events: Iterable<SessionEvent>): Generator<SessionEvent, void, void> {
    for (const event of events) {
      this.#rewinds.observe(event);
      yield event;
    }
  }

  *#rewindEvents(rewinds: Iterable<Rewind>, offset: number): Generator<SessionEvent, void, void> {
    for (const rewind of rewinds) yield this.#conversation.rewindEvent(rewind, offset);
  }

  /** Decides again whether a record is needed, if its first bytes did not show its kind to `wants`. */
  #isNeeded({ type, fields }: ClaudeRecord, bytes: Uint8Array): boolean {
    const attachment = type === "attachment" ? textField(fieldsField(fields, "attachment") ?? {}, "type") : null;
    const use =
      attachment === null ? useOfType(type, decodeText(bytes.subarray(0, 1024))) : useOfAttachment(attachment);
    if (typeof use === "object") this.#stats.countUnknown(use.unknown);
    return use === "needed";
  }

  #subagentEvents(reference: SubagentReference, until: string | null): Iterable<SessionEvent> | null {
    const { call } = reference;
    if (call !== null && this.#sidechains.has(call)) return this.#sidechains.end(call, until);
    return this.#subagents?.subagentEvents(reference, until) ?? null;
  }
}
