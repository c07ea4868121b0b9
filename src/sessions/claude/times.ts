// When lines of a log were written: what a position in it means for the logs beside it.
import { stat } from "node:fs/promises";
import { isCompressed } from "../../system/chunks.ts";
import { scanRecords } from "../../system/records.ts";
import { instantOf } from "../instant.ts";
import { isTimed, timestampOfHead } from "./kinds.ts";
import { decodeLine, parseClaudeLine } from "./schema.ts";
import type { Times } from "./subagents.ts";

const FIRST_READ = 64 * 1024;

/** The time of a line, as far as it is worth to be looked for: from its head, else from the whole of it. */
function timeOfLine(bytes: Uint8Array): string | null {
  return timestampOfHead(decodeLine(bytes.subarray(0, 256))) ?? parseClaudeLine(bytes)?.at ?? null;
}

/** When a range begins, and what comes after it. */
export async function timesOf(path: string, { from, to }: { from: number; to: number }): Promise<Times> {
  const begins = from === 0 ? null : await firstTime(path, from);
  const size = isCompressed(path) ? Number.POSITIVE_INFINITY : (await stat(path)).size;
  const ends = to >= size ? null : await firstTime(path, to);
  return {
    from: instantOf(begins) ?? Number.NEGATIVE_INFINITY,
    to: instantOf(ends) ?? Number.POSITIVE_INFINITY,
  };
}

/** The first time told after a position. */
async function firstTime(path: string, from: number): Promise<string | null> {
  for (let size = FIRST_READ; ; size *= 16) {
    let first: string | null = null;
    const { end, torn } = await scanRecords(
      path,
      { from, to: from + size },
      {
        wants(head) {
          return first === null && (isTimed(head) || timestampOfHead(head) !== null);
        },
        record(bytes) {
          first ??= timeOfLine(bytes);
        },
      },
    );
    if (first !== null || end + torn < from + size) return first;
  }
}
