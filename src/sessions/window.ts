// From clock to positions, once: a run is a stretch of bytes, and its times are only how it was found.
import { createHash } from "node:crypto";
import { readChunks } from "../system/chunks.ts";
import { HEAD_BYTES, scanRecords } from "../system/records.ts";
import { kindOfHead, timestampOfHead } from "./codex/kinds.ts";
import { isForeignMeta, ownBeginning } from "./codex/replay.ts";
import { decode, parseRecord } from "./codex/schema.ts";
import type { SessionHead } from "./events.ts";
import { instantOf, utcOf } from "./instant.ts";
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
 * time have that of the record before. History copied from a fork's parent is never part of it.
 */
export async function resolveWindow(log: LogRef, head: SessionHead, window: Window): Promise<ResolvedWindow> {
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
 * SHA-256, in hex, of the log's bytes before each position, in one reading: tells whether the tool rewrote what was
 * already read.
 */
export async function hashPrefixes(path: string, positions: readonly number[]): Promise<string[]> {
  const hash = createHash("sha256");
  const digests = new Map<number, string>();
  const pending = positions.toSorted((a, b) => a - b);
  let done = 0;
  for await (const chunk of readChunks(path, { to: pending.at(-1) ?? 0 })) {
    let start = 0;
    for (let next = pending[0]; next !== undefined && next <= done + chunk.length; next = pending[0]) {
      hash.update(chunk.subarray(start, next - done));
      start = next - done;
      digests.set(next, hash.copy().digest("hex"));
      pending.shift();
    }
    hash.update(chunk.subarray(start));
    done += chunk.length;
  }
  // Of a log that has become shorter than a position, all there is.
  const rest = hash.digest("hex");
  return positions.map((position) => digests.get(position) ?? rest);
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
        const text = decode(bytes);
        const kind = kindOfHead(text);
        const at = timestampOfHead(text);
        // Where the head does not tell, the whole record does.
        if (at === null) return true;
        edges.meet(at, offset);
        return offset > 0 && (kind === null || kind.type === "session_meta");
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
    const instant = instantOf(at);
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
