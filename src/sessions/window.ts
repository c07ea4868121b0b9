// From clock to positions, once: a run is a stretch of bytes, and its times are only how it was found.

import { ownBeginning as ownBeginningOfClaude } from "../agents/claude/copied-history.ts";
import { visitTimestamps as visitClaudeTimestamps } from "../agents/claude/timestamps.ts";
import { mayHoldCopies, ownBeginning as ownBeginningOfCodex } from "../agents/codex/copied-history.ts";
import { visitTimestamps as visitCodexTimestamps } from "../agents/codex/timestamps.ts";
import type { SessionHead } from "../agents/session-head.ts";
import { instantOf, instantReader, utcOf } from "../events/timestamps.ts";
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
  const follow = log.tool === "claude" ? visitClaudeTimestamps : visitCodexTimestamps;
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
  const from = await (log.tool === "claude" ? ownBeginningOfClaude : ownBeginningOfCodex)(log.path, head);
  const { end } = await follow(log.path, head, from, edges);
  return edges.resolve(end);
}

/**
 * Where the session's own work begins: after what was copied from a fork's parent. Of a log that was read before, what
 * stands before `after` is known to hold no copied history.
 */
export async function resolveOwn(log: LogRef, head: SessionHead, after = 0): Promise<number> {
  const isFork = head.forkedFrom !== null || head.parent !== null;
  if (log.tool === "claude") return await ownBeginningOfClaude(log.path, head, isFork ? 0 : after);
  if (!isFork && !(await mayHoldCopies(log.path, after))) return 0;
  return (await resolveWindow(log, head, { start: null, end: null })).from;
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

  /** The window, given where the last whole record ends. */
  resolve(end: number): ResolvedWindow {
    const from = this.#from ?? end;
    const to = this.#within ? end : this.#to;
    if (to <= from) return { from, to: from, firstAt: null, lastAt: null };
    return { from, to, firstAt: utcOf(this.#firstAt), lastAt: utcOf(this.#lastAt) };
  }
}
