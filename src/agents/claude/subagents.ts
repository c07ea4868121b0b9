// The events of a session's subagents, from their own logs, up to where the session's log refers to them. What subagents
// did before or after the parsed range belongs to other runs.

import type { SessionEvent } from "../../events/event.ts";
import { instantOf } from "../../events/timestamps.ts";
import { RecordCursor } from "../../system/record-cursor.ts";
import { HEAD_BYTES } from "../../system/record-visitor.ts";
import type { TimeRange } from "../record-times.ts";
import type { SeenIds } from "../seen-ids.ts";
import { SubagentLogSteps } from "../subagent-log-steps.ts";
import { ConversationParser } from "./conversation-parser.ts";
import type { SessionFiles, SubagentReference } from "./open-calls.ts";
import { type ClaudeRecord, decodeText, isRepeated, OPENING, parseRecord } from "./record.ts";
import { useOfHead } from "./record-kinds.ts";
import { findSubagentLogBeside, listSubagentLogs, readPersistedOutput, type SubagentLog } from "./sidecar-files.ts";

/**
 * The ids of subagents that are read although no call started them: the subagents of Claude Code itself repeat the
 * conversation.
 */
const HEX_ID = /^a?[\da-f]{8,}$/;

export class Subagents implements SessionFiles {
  readonly #log: string;
  readonly #times: TimeRange;
  readonly #seen: SeenIds;
  readonly #countUnknown: (name: string) => void;
  readonly #started = new Map<string, Subagent>();
  #logs: SubagentLog[] | null = null;

  constructor(log: string, times: TimeRange, seen: SeenIds, countUnknown: (name: string) => void) {
    this.#log = log;
    this.#times = times;
    this.#seen = seen;
    this.#countUnknown = countUnknown;
  }

  /** Whether a subagent waits for a result. */
  get isOpen(): boolean {
    return [...this.#started.values()].some(({ parser }) => parser.isOpen);
  }

  persistedOutput(path: string): string | null {
    return readPersistedOutput(this.#log, path);
  }

  subagentEvents(reference: SubagentReference, until: string | null): Iterable<SessionEvent> | null {
    const log = this.#find(reference);
    return log === null ? null : this.#events(this.#start(log, reference.offset), until, reference.isOver);
  }

  *#events(subagent: Subagent, until: string | null, isOver: boolean): Generator<SessionEvent, void, void> {
    // The records of that whole millisecond are included: they led to the record that refers to the subagent.
    yield* subagent.take(timeOf(until) + 1);
    if (isOver) yield* subagent.parser.interrupt(until);
  }

  /** The events of all started subagents until a time. */
  *advance(until: string | null): Generator<SessionEvent, void, void> {
    if (until === null) return;
    for (const subagent of this.#started.values()) yield* subagent.take(timeOf(until));
  }

  /** The remaining events of all subagents. */
  *finish(offset: number): Generator<SessionEvent, void, void> {
    for (const log of this.#allLogs()) if (log.call !== null || HEX_ID.test(log.id)) this.#start(log, offset);
    for (const subagent of this.#started.values()) {
      yield* subagent.take(this.#times.to);
      yield* subagent.parser.finish();
    }
  }

  #allLogs(): SubagentLog[] {
    this.#logs ??= listSubagentLogs(this.#log);
    return this.#logs;
  }

  #find({ id, call }: SubagentReference): SubagentLog | null {
    const known = this.#allLogs().find((log) => (id === null ? call !== null && log.call === call : log.id === id));
    return known ?? (id === null ? null : findSubagentLogBeside(this.#log, id));
  }

  #start(log: SubagentLog, offset: number): Subagent {
    const known = this.#started.get(log.id);
    if (known !== undefined) return known;
    const parser = new ConversationParser(log.id, this, this.#countUnknown, { cwd: null });
    const subagent = new Subagent(log, parser, this.#times, this.#seen, offset);
    this.#started.set(log.id, subagent);
    return subagent;
  }
}

class Subagent {
  readonly parser: ConversationParser;
  readonly #records: SubagentLogSteps;
  /** The next record; null when it is not needed. */
  #record: ClaudeRecord | null = null;
  readonly #times: TimeRange;
  readonly #seen: SeenIds;
  /** The events get the offset of the subagent's call: offsets in the subagent's log belong to another file. */
  readonly #offset: number;

  constructor(log: SubagentLog, parser: ConversationParser, times: TimeRange, seen: SeenIds, offset: number) {
    this.parser = parser;
    this.#records = new SubagentLogSteps(new RecordCursor(log.path, 0, OPENING), (bytes) => this.#read(bytes));
    this.#times = times;
    this.#seen = seen;
    this.#offset = offset;
  }

  /** The events before `until` that were not taken before. */
  *take(until: number): Generator<SessionEvent, void, void> {
    for (const _ of this.#records.take(Math.min(until, this.#times.to))) {
      const isInRange = this.#records.at >= this.#times.from;
      if (this.#record === null || !isInRange || isRepeated(this.#record, this.#seen)) continue;
      yield* this.parser.record(this.#record, this.#offset, null);
    }
  }

  #read(bytes: Uint8Array): string | null {
    this.#record = useOfHead(decodeText(bytes.subarray(0, HEAD_BYTES))) === "needed" ? parseRecord(bytes) : null;
    return this.#record?.at ?? null;
  }
}

function timeOf(until: string | null): number {
  return instantOf(until) ?? Number.POSITIVE_INFINITY;
}
