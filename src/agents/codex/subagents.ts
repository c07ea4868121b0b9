// Parses a session together with its subagents. The events of a subagent's turn come where the session's log reaches
// the end of that turn. What subagents did before or after the parsed range belongs to other runs.

import type { SessionEvent } from "../../events/event.ts";
import { instantOf } from "../../events/timestamps.ts";
import { isCompressed, readChunks } from "../../system/chunks.ts";
import { RecordCursor } from "../../system/record-cursor.ts";
import { scanRecords } from "../../system/records.ts";
import { nullIfUnreadable } from "../log-heads.ts";
import type { LogParser, ResumePoint } from "../log-parser.ts";
import { type ParseStats, ParseStatsCounter } from "../parse-stats.ts";
import type { TimeRange } from "../record-times.ts";
import { SubagentLogSteps } from "../subagent-log-steps.ts";
import { ownBeginning } from "./copied-history.ts";
import { InOrder } from "./in-order.ts";
import { CodexParser } from "./parser.ts";
import { OPENING } from "./record.ts";
import { headOf, KIND_BYTES, kindOfHead, timestampOfHead } from "./record-kinds.ts";
import type { SubagentLog } from "./subagent-logs.ts";
import { codexClock } from "./timestamps.ts";

/** The maximum size of a compressed log, which is read into memory. */
const MAX_UNPACKED = 64 * 1024 * 1024;

const TURN_ENDS = new Set(["task_complete", "turn_complete", "turn_aborted"]);

export class SessionParser implements LogParser {
  readonly headBytes = KIND_BYTES;
  readonly opening = OPENING;
  readonly #session: CodexParser;
  readonly #subagents: readonly Subagent[];
  readonly #to: number;
  readonly #inOrder = new InOrder();
  #offset = 0;

  constructor(session: CodexParser, subagents: readonly Subagent[] = [], to = Number.POSITIVE_INFINITY) {
    this.#session = session;
    this.#subagents = subagents;
    this.#to = to;
  }

  get stats(): ParseStats {
    return this.#session.stats;
  }

  wants(head: string): boolean {
    return this.#session.wants(head);
  }

  record(bytes: Uint8Array, offset: number): Iterable<SessionEvent> | null {
    this.#offset = offset;
    const events = this.#session.record(bytes, offset);
    return events && this.#ordered(events);
  }

  *#ordered(events: Iterable<SessionEvent>): Generator<SessionEvent, void, void> {
    for (const event of events) {
      for (const earlier of this.#subagentEvents(event)) yield* this.#add(earlier);
      yield* this.#add(event);
    }
    if (!this.#session.hasRunning) yield* this.#inOrder.release();
  }

  #add(event: SessionEvent): Iterable<SessionEvent> {
    return this.#inOrder.add(event, this.#session.hasRunning);
  }

  damaged(offset: number): void {
    this.#session.damaged(offset);
  }

  *finish(): Generator<SessionEvent, void, void> {
    for (const event of this.#session.finish()) yield* this.#add(event);
    yield* this.#inOrder.release();
    for (const subagent of this.#subagents) {
      yield* subagent.take(this.#to, this.#offset);
      yield* subagent.finish(this.#offset);
      this.#session.addSubagentStats(subagent.stats);
    }
  }

  pointBefore(event: SessionEvent): ResumePoint | null {
    // No state of subagents is needed: their logs are always read from the beginning.
    return this.#session.pointBefore(event);
  }

  /** What subagents did before an event: their complete turns, or everything before a prompt of the person. */
  *#subagentEvents(event: SessionEvent): Generator<SessionEvent, void, void> {
    if (event.kind === "prompt") {
      // A run that resumes here reads subagents from the time of this record on.
      const until = instantOf(this.#session.pointBefore(event)?.state.at ?? event.at);
      for (const subagent of this.#subagents) yield* subagent.take(until ?? Number.NEGATIVE_INFINITY, this.#offset);
      return;
    }
    const until = instantOf(event.at);
    if (until === null) return;
    for (const subagent of this.#subagents) yield* subagent.takeTurns(until, this.#offset);
  }
}

/** A parser for a session and its subagents. A subagent's log that cannot be read counts as an unparsable record. */
export async function withSubagents(
  session: CodexParser,
  logs: readonly SubagentLog[],
  times: TimeRange,
): Promise<SessionParser> {
  const subagents: Subagent[] = [];
  const unread = new ParseStatsCounter();
  for (const log of logs) {
    const subagent = await nullIfUnreadable(() => openSubagent(log, times));
    if (subagent === null) unread.countUnparsable(0);
    else subagents.push(subagent);
  }
  session.addSubagentStats(unread.stats);
  return new SessionParser(session, subagents, times.to);
}

async function openSubagent(log: SubagentLog, { from }: TimeRange): Promise<Subagent> {
  // Copied turns are older than the subagent, so the parent's log is not needed.
  const own = await ownBeginning(log.path, { ...log.head, forkedFrom: null, parent: null });
  const source = isCompressed(log.path) ? await decompress(log.path) : log.path;
  return new Subagent(log, new RecordCursor(source, own, OPENING), await endsOfTurns(log.path, own), from);
}

/** Decompresses a log: a compressed file cannot be read from the middle. */
async function decompress(path: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of readChunks(path, { to: MAX_UNPACKED })) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

class Subagent {
  readonly #parser: CodexParser;
  readonly #name: string;
  readonly #cursor: RecordCursor;
  readonly #records: SubagentLogSteps;
  /** When the turns that were not yet taken ended, in milliseconds. */
  readonly #ends: number[];
  /** When the range begins, in milliseconds. */
  readonly #from: number;

  constructor({ head, name }: SubagentLog, cursor: RecordCursor, ends: number[], from: number) {
    this.#parser = new CodexParser(head.cwd);
    this.#name = name;
    this.#cursor = cursor;
    this.#records = new SubagentLogSteps(cursor, codexClock.timeOf);
    this.#ends = ends;
    this.#from = from;
  }

  get stats(): ParseStats {
    return this.#parser.stats;
  }

  /** The events of the turns that ended by `until` and were not taken before. */
  *takeTurns(until: number, offset: number): Generator<SessionEvent, void, void> {
    let end: number | null = null;
    for (; (this.#ends[0] ?? Number.POSITIVE_INFINITY) <= until; this.#ends.shift()) end = this.#ends[0] ?? null;
    // The records of the whole last millisecond are included.
    if (end !== null) yield* this.take(end + 1, offset);
  }

  /** The events before `until` that were not taken before. */
  *take(until: number, offset: number): Generator<SessionEvent, void, void> {
    for (const bytes of this.#records.take(until)) {
      if (!this.#parser.wants(headOf(bytes))) continue;
      const events = this.#parser.record(bytes, this.#cursor.offset);
      if (events === null) this.#parser.damaged(this.#cursor.offset);
      else if (this.#records.at >= this.#from) yield* this.#relocated(events, offset);
    }
  }

  /** The events of calls that are open when the range ends. */
  finish(offset: number): Iterable<SessionEvent> {
    return this.#relocated(this.#parser.finish(), offset);
  }

  /**
   * Sets the offset of an event to a position in the session's log: offsets in the subagent's log belong to another
   * file.
   */
  *#relocated(events: readonly SessionEvent[], offset: number): Generator<SessionEvent, void, void> {
    for (const event of events) yield { ...event, agent: this.#name, offset };
  }
}

async function endsOfTurns(path: string, from: number): Promise<number[]> {
  const ends: number[] = [];
  await scanRecords(
    path,
    { from },
    {
      headBytes: KIND_BYTES,
      wants(head) {
        const end = TURN_ENDS.has(kindOfHead(head)?.payload ?? "") ? instantOf(timestampOfHead(head)) : null;
        if (end !== null) ends.push(end);
        return false;
      },
      record: () => true,
    },
  );
  return ends;
}
