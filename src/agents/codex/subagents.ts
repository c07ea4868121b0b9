// A session and its subagents as one: what those did is told where the session's log comes to the end of a turn of
// theirs. What they did before the range that is read belongs to another run, and what they did after it too.

import type { SessionEvent } from "../../events/event.ts";
import { instantOf } from "../../events/timestamps.ts";
import { isCompressed, readChunks } from "../../system/chunks.ts";
import { RecordCursor } from "../../system/record-cursor.ts";
import { scanRecords } from "../../system/records.ts";
import { nullIfUnreadable } from "../log-heads.ts";
import type { LogParser, ResumePoint } from "../log-parser.ts";
import { type ParseStats, ParseStatsCounter } from "../parse-stats.ts";
import type { TimeRange } from "../range-times.ts";
import { TimedRecords } from "../timed-records.ts";
import { ownBeginning } from "./copied-history.ts";
import { CodexParser } from "./parser.ts";
import { headOf, KIND_BYTES, kindOfHead, timestampOfHead } from "./record-kinds.ts";
import type { SubagentLog } from "./subagent-logs.ts";
import { codexClock } from "./times.ts";

/** Of a packed log no more is read: all of it is in memory at once. */
const MOST_UNPACKED = 64 * 1024 * 1024;

const TURN_ENDS = new Set(["task_complete", "turn_complete", "turn_aborted"]);

class SessionParser implements LogParser {
  readonly headBytes = KIND_BYTES;
  readonly #session: CodexParser;
  readonly #subagents: readonly Subagent[];
  readonly #to: number;
  #offset = 0;

  constructor(session: CodexParser, subagents: readonly Subagent[], { to }: TimeRange) {
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

  *record(bytes: Uint8Array, offset: number): Generator<SessionEvent, void, void> {
    this.#offset = offset;
    for (const event of this.#session.record(bytes, offset)) {
      yield* this.#before(event);
      yield event;
    }
  }

  tooLong(offset: number): void {
    this.#session.tooLong(offset);
  }

  *finish(): Generator<SessionEvent, void, void> {
    yield* this.#session.finish();
    for (const subagent of this.#subagents) {
      yield* subagent.take(this.#to, this.#offset);
      yield* subagent.finish(this.#offset);
      this.#session.account(subagent.stats);
    }
  }

  pointBefore(event: SessionEvent): ResumePoint | null {
    // Subagents are read from their beginnings wherever a range begins: nothing of theirs must be known.
    return this.#session.pointBefore(event);
  }

  /** What subagents did by then: whole turns of theirs, or all of it where a person's next prompt follows. */
  *#before(event: SessionEvent): Generator<SessionEvent, void, void> {
    if (event.kind === "prompt") {
      // Who begins to read here reads from the time of this record on.
      const until = instantOf(this.#session.pointBefore(event)?.state.at ?? event.at);
      for (const subagent of this.#subagents) yield* subagent.take(until ?? Number.NEGATIVE_INFINITY, this.#offset);
      return;
    }
    const until = instantOf(event.at);
    if (until === null) return;
    for (const subagent of this.#subagents) yield* subagent.takeTurns(until, this.#offset);
  }
}

/** A session that tells what its subagents did as well. One whose log is damaged is told of as a record that is. */
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
  session.account(unread.stats);
  return new SessionParser(session, subagents, times);
}

/** What there is to know of a log before it is read event by event. */
async function openSubagent(log: SubagentLog, { from }: TimeRange): Promise<Subagent> {
  // Copied turns are older than it, so that nobody has to look for them in its parent's log.
  const own = await ownBeginning(log.path, { ...log.head, forkedFrom: null, parent: null });
  const source = isCompressed(log.path) ? await unpack(log.path) : log.path;
  return new Subagent(log, new RecordCursor(source, own), await endsOfTurns(log.path, own), from);
}

/** A packed log has no middle to begin at. */
async function unpack(path: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of readChunks(path, { to: MOST_UNPACKED })) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

class Subagent {
  readonly #parser: CodexParser;
  readonly #name: string;
  readonly #cursor: RecordCursor;
  readonly #records: TimedRecords;
  /** When its turns ended, in milliseconds, those to come first. */
  readonly #ends: number[];
  /** When the range begins, in milliseconds. */
  readonly #from: number;

  constructor({ head, name }: SubagentLog, cursor: RecordCursor, ends: number[], from: number) {
    this.#parser = new CodexParser(head.cwd);
    this.#name = name;
    this.#cursor = cursor;
    this.#records = new TimedRecords(cursor, codexClock.timeOf);
    this.#ends = ends;
    this.#from = from;
  }

  get stats(): ParseStats {
    return this.#parser.stats;
  }

  /** The turns that ended before a moment, from where it was asked for the last time. */
  *takeTurns(until: number, offset: number): Generator<SessionEvent, void, void> {
    let end: number | null = null;
    for (; (this.#ends[0] ?? Number.POSITIVE_INFINITY) <= until; this.#ends.shift()) end = this.#ends[0] ?? null;
    // With all that was written in the millisecond of its end.
    if (end !== null) yield* this.take(end + 1, offset);
  }

  /** What it did before a moment, from where it was asked for the last time. */
  *take(until: number, offset: number): Generator<SessionEvent, void, void> {
    for (const bytes of this.#records.take(until)) {
      if (!this.#parser.wants(headOf(bytes))) continue;
      const events = this.#parser.record(bytes, this.#cursor.offset);
      if (this.#records.at >= this.#from) yield* this.#told(events, offset);
    }
  }

  /** What it was at when the range ended. */
  finish(offset: number): Iterable<SessionEvent> {
    return this.#told(this.#parser.finish(), offset);
  }

  /** Its own positions are those of another file. */
  *#told(events: readonly SessionEvent[], offset: number): Generator<SessionEvent, void, void> {
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
      record() {},
    },
  );
  return ends;
}
