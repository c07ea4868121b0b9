// Resolves the times of a run to byte positions in its log, once: a run is a byte range.
import { readerOf } from "../agents/registry.ts";
import type { SessionHead } from "../agents/session-head.ts";
import { instantOf, instantReader, utcOf } from "../events/timestamps.ts";
import type { LogRef } from "./read.ts";

export interface Window {
  start: string | null;
  end: string | null;
}

/** A window as byte positions: `from` inclusive, `to` exclusive, and the times of its first and last record. */
export interface ResolvedWindow {
  from: number;
  to: number;
  firstAt: string | null;
  lastAt: string | null;
}

/**
 * Resolves a window: from the first record at or after the start, to the end of the last whole record at or before the
 * end. A record without a time counts with the time of the record before it. History copied from a fork's parent is
 * omitted. `after`: a position where a run of the session ended; earlier bytes are not read.
 */
export async function resolveWindow(
  { tool, path }: LogRef,
  head: SessionHead,
  window: Window,
  after = 0,
): Promise<ResolvedWindow> {
  const reader = await readerOf(tool);
  const edges = new WindowEdges(window);
  if (after > 0) return edges.resolve((await reader.visitTimestamps(path, head, after, edges)).end);
  if (head.forkedFrom === null && head.parent === null) {
    const { end, foreign } = await reader.visitTimestamps(path, head, 0, edges);
    if (!foreign) return edges.resolve(end);
  }
  const own = new WindowEdges(window);
  const { end } = await reader.visitTimestamps(path, head, await reader.ownBeginning(path, head), own);
  return own.resolve(end);
}

/** Where the session's own work begins: see `LogReader.ownBeginning`. */
export async function resolveOwn({ tool, path }: LogRef, head: SessionHead, after = 0): Promise<number> {
  return await (await readerOf(tool)).ownBeginning(path, head, after);
}

/** Finds the edges of a window among timestamps visited in file order. */
class WindowEdges {
  readonly #start: number;
  readonly #end: number;
  #from: number | null = null;
  #to = 0;
  #firstAt: string | null = null;
  #lastAt: string | null = null;
  readonly #instantOf = instantReader();
  /** The time of the last record, or of the record before it if that has no time. */
  #at: string | null = null;
  #instant = Number.NEGATIVE_INFINITY;
  /** Whether the last record is within the window. It ends where the next record begins. */
  #within = false;

  constructor(window: Window) {
    this.#start = instantOf(window.start) ?? Number.NEGATIVE_INFINITY;
    this.#end = instantOf(window.end) ?? Number.POSITIVE_INFINITY;
  }

  visit(at: string | null, offset: number): void {
    if (this.#within) this.#to = offset;
    const instant = at === null ? null : this.#instantOf(at);
    if (instant !== null) {
      this.#at = at;
      this.#instant = instant;
    }
    if (this.#from === null && this.#instant >= this.#start) this.#from = offset;
    if (this.#from !== null) this.#firstAt ??= this.#at;
    this.#within = this.#instant <= this.#end;
    if (this.#within) this.#lastAt = this.#at;
  }

  /** The window. `end`: where the last complete record ends. */
  resolve(end: number): ResolvedWindow {
    const from = this.#from ?? end;
    const to = this.#within ? end : this.#to;
    if (to <= from) return { from, to: from, firstAt: null, lastAt: null };
    return { from, to, firstAt: utcOf(this.#firstAt), lastAt: utcOf(this.#lastAt) };
  }
}
