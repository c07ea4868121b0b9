// From clock to positions, once: a run is a stretch of bytes, and its times are only how it was found.
import { readChunks } from "../system/chunks.ts";
import { HEAD_BYTES, scanRecords } from "../system/records.ts";
import { timestampOfHead } from "./codex/kinds.ts";
import { isForeignMeta, ownBeginning } from "./codex/replay.ts";
import { decode, parseRecord } from "./codex/schema.ts";
import type { SessionHead } from "./events.ts";
import { instantOf, instantReader, utcOf } from "./instant.ts";
import type { LogRef } from "./read.ts";

export interface Window {
  start: string | null;
  end: string | null;
}

/** A window as positions: `from` inclusive, `to` exclusive, and the times of the first and last record within. */
export interface ResolvedWindow {
  from: number;
  to: number;
  firstAt: string | null;
  lastAt: string | null;
}

/**
 * The first record at or after the start, to the end of the last whole record at or before the end. Records without a
 * time have that of the record before. History copied from a fork's parent is never part of it. `after` is a position
 * where a run of the session ended: what lies before it is not even read.
 */
export async function resolveWindow(
  log: LogRef,
  head: SessionHead,
  window: Window,
  after = 0,
): Promise<ResolvedWindow> {
  if (after > 0) {
    const edges = new Edges(window);
    return edges.resolve((await follow(log.path, head, after, edges)).end);
  }
  if (head.forkedFrom === null && head.parent === null) {
    const edges = new Edges(window);
    const { end, foreign } = await follow(log.path, head, 0, edges);
    if (!foreign) return edges.resolve(end);
  }
  const edges = new Edges(window);
  const { end } = await follow(log.path, head, await ownBeginning(log.path, head), edges);
  return edges.resolve(end);
}

/**
 * Where the session's own work begins: after what was copied from a fork's parent. Of a log that was read before, what
 * stands before `after` is known to hold no copied history.
 */
export async function resolveOwn(log: LogRef, head: SessionHead, after = 0): Promise<number> {
  const isFork = head.forkedFrom !== null || head.parent !== null;
  if (!isFork && (await countMetas(log.path, after)) <= (after === 0 ? 1 : 0)) return 0;
  return (await resolveWindow(log, head, { start: null, end: null })).from;
}

/** How often a record after a position calls itself a `session_meta`: within a text its quotes would be escaped. */
async function countMetas(path: string, from: number): Promise<number> {
  const name = Buffer.from('"session_meta"');
  let count = 0;
  let rest = Buffer.alloc(0);
  for await (const chunk of readChunks(path, { from })) {
    // The name may lie across the edge of two chunks.
    const edge = Buffer.concat([rest, chunk.subarray(0, name.length - 1)]);
    if (edge.includes(name)) count++;
    for (let at = chunk.indexOf(name); at !== -1; at = chunk.indexOf(name, at + name.length)) count++;
    rest = Buffer.concat([rest, chunk.subarray(-(name.length - 1))]).subarray(-(name.length - 1));
  }
  return count;
}

/** Enough of a record to tell its time and its kind: this is done for every record of a log. */
const KIND_BYTES = 192;

/** Whether a record may be a `session_meta`, from its first bytes; also when its type is not where it always is. */
function mayBeMeta(head: string): boolean {
  return head.includes('"session_meta"') || !head.includes('"type":"');
}

/** Shows every record after a position to the edges. `foreign` tells of copied history: the log is a fork. */
async function follow(
  path: string,
  head: SessionHead,
  from: number,
  edges: Edges,
): Promise<{ end: number; foreign: boolean }> {
  let foreign = false;
  const { end } = await scanRecords(
    path,
    { from },
    {
      wants(bytes, offset) {
        const text = decode(bytes.subarray(0, KIND_BYTES));
        const at = timestampOfHead(text);
        // Where the head does not tell, the whole record does.
        if (at === null) return true;
        edges.meet(at, offset);
        return offset > 0 && mayBeMeta(text);
      },
      record(bytes, offset) {
        if (timestampOfHead(decode(bytes.subarray(0, HEAD_BYTES))) === null) {
          edges.meet(parseRecord(bytes)?.at ?? null, offset);
        }
        foreign ||= offset > 0 && isForeignMeta(bytes, head);
      },
    },
  );
  return { end, foreign };
}

/** Finds the edges of a window among records met in file order. */
class Edges {
  readonly #start: number;
  readonly #end: number;
  #from: number | null = null;
  #to = 0;
  #firstAt: string | null = null;
  #lastAt: string | null = null;
  readonly #instantOf = instantReader();
  /** The time of the last record; one without a time has that of the record before. */
  #at: string | null = null;
  #instant = Number.NEGATIVE_INFINITY;
  /** Whether the last record is within the window: it ends where the next one begins. */
  #within = false;

  constructor(window: Window) {
    this.#start = instantOf(window.start) ?? Number.NEGATIVE_INFINITY;
    this.#end = instantOf(window.end) ?? Number.POSITIVE_INFINITY;
  }

  meet(at: string | null, offset: number): void {
    if (this.#within) this.#to = offset;
    const instant = at === null ? null : this.#instantOf(at);
    if (instant !== null) {
      this.#at = at;
      this.#instant = instant;
    }
    if (this.#from === null && this.#instant >= this.#start) {
      this.#from = offset;
      this.#firstAt = this.#at;
    }
    this.#within = this.#instant <= this.#end;
    if (this.#within) this.#lastAt = this.#at;
  }

  /** The window, given where the last whole record ends. */
  resolve(end: number): ResolvedWindow {
    const from = this.#from ?? end;
    const to = this.#within ? end : this.#to;
    if (to <= from) return { from, to: from, firstAt: null, lastAt: null };
    return { from, to, firstAt: utcOf(this.#firstAt), lastAt: utcOf(this.#lastAt) };
  }
}
