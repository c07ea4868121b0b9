// The subagents of a session, told where the session's log comes to them: their own logs are read as far as they go by
// then. What lies before the range that is read belongs to another run, and what comes after it too.

import type { SessionEvent } from "../../events/event.ts";
import { instantOf } from "../../events/timestamps.ts";
import { RecordCursor } from "../../system/record-cursor.ts";
import { HEAD_BYTES } from "../../system/records.ts";
import type { TimeRange } from "../range-times.ts";
import { TimedRecords } from "../timed-records.ts";
import { Thread } from "./conversation-parser.ts";
import type { AgentReference, World } from "./open-calls.ts";
import { type ClaudeLine, decodeLine, parseClaudeLine } from "./record.ts";
import { useOfHead } from "./record-kinds.ts";
import { type AgentLog, findAgentBeside, listAgentLogs, readPersisted } from "./sidecar-files.ts";

/** Those of no call that are read all the same: others are the tool's own, and repeat the conversation. */
const STARTED = /^a?[\da-f]{8,}$/;

export class Subagents implements World {
  readonly #log: string;
  readonly #times: TimeRange;
  readonly #unknown: (name: string) => void;
  readonly #begun = new Map<string, Subagent>();
  #listed: AgentLog[] | null = null;

  constructor(log: string, times: TimeRange, unknown: (name: string) => void) {
    this.#log = log;
    this.#times = times;
    this.#unknown = unknown;
  }

  /** Whether one of them waits for a result. */
  get isAnyOpen(): boolean {
    return [...this.#begun.values()].some(({ thread }) => thread.isOpen);
  }

  persisted(path: string): string | null {
    return readPersisted(this.#log, path);
  }

  delegated(agent: AgentReference, until: string | null): Iterable<SessionEvent> | null {
    const log = this.#find(agent);
    if (log === null) return null;
    return this.#tell(this.#begin(log, agent.offset), until, agent.isOver);
  }

  *#tell(subagent: Subagent, until: string | null, isOver: boolean): Generator<SessionEvent, void, void> {
    // What was written in that very millisecond led to the line that tells of it.
    yield* subagent.take(upTo(until) + 1);
    if (isOver) yield* subagent.thread.interrupt(until);
  }

  /** What those that were begun did until then. */
  *advance(until: string | null): Generator<SessionEvent, void, void> {
    if (until === null) return;
    for (const subagent of this.#begun.values()) yield* subagent.take(upTo(until));
  }

  /** What is left of all of them. */
  *finish(offset: number): Generator<SessionEvent, void, void> {
    for (const log of this.#all()) {
      const isOne = log.call !== null || STARTED.test(log.id);
      if (isOne && !this.#begun.has(log.id)) this.#begin(log, offset);
    }
    for (const subagent of this.#begun.values()) {
      yield* subagent.take(this.#times.to);
      yield* subagent.thread.finish();
    }
  }

  #all(): AgentLog[] {
    this.#listed ??= listAgentLogs(this.#log);
    return this.#listed;
  }

  #find({ id, call }: AgentReference): AgentLog | null {
    const known = this.#all().find((log) => (id === null ? call !== null && log.call === call : log.id === id));
    return known ?? (id === null ? null : findAgentBeside(this.#log, id));
  }

  #begin(log: AgentLog, offset: number): Subagent {
    const known = this.#begun.get(log.id);
    if (known !== undefined) return known;
    const subagent = new Subagent(log, this, this.#unknown, this.#times, offset);
    this.#begun.set(log.id, subagent);
    return subagent;
  }
}

class Subagent {
  readonly thread: Thread;
  readonly #records: TimedRecords;
  /** What stands in the record that comes next; null where nobody needs it. */
  #line: ClaudeLine | null = null;
  readonly #times: TimeRange;
  /** Where its call stands: its own positions are those of another file. */
  readonly #offset: number;

  constructor(log: AgentLog, world: World, unknown: (name: string) => void, times: TimeRange, offset: number) {
    this.thread = new Thread(log.id, world, unknown, { cwd: null });
    this.#records = new TimedRecords(new RecordCursor(log.path), (bytes) => this.#read(bytes));
    this.#times = times;
    this.#offset = offset;
  }

  /** What it did before a moment, from where it was asked for the last time. */
  *take(until: number): Generator<SessionEvent, void, void> {
    for (const _ of this.#records.take(Math.min(until, this.#times.to))) {
      const isInRange = this.#records.at >= this.#times.from;
      if (this.#line !== null && isInRange) yield* this.thread.take(this.#line, this.#offset, null);
    }
  }

  #read(bytes: Uint8Array): string | null {
    this.#line = useOfHead(decodeLine(bytes.subarray(0, HEAD_BYTES))) === "needed" ? parseClaudeLine(bytes) : null;
    return this.#line?.at ?? null;
  }
}

function upTo(until: string | null): number {
  return instantOf(until) ?? Number.POSITIVE_INFINITY;
}
