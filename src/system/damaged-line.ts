// Finds the whole records in a line that is not one record: after a hole of NUL bytes, glued to another record, or behind
// the beginning of a record that was cut off.
import { endOfValue } from "./json-bytes.ts";

const [NUL, TAB, CR, SPACE] = [0x00, 0x09, 0x0d, 0x20];
const [QUOTE, OPEN, CLOSE, COMMA, CLOSE_LIST] = [0x22, 0x7b, 0x7d, 0x2c, 0x5d];

/** How often the bytes of a line are searched at most, so that a hostile line takes linear time. */
const MAX_PASSES = 16;

/** Whether a line looks like one record, without parsing it. */
export function isIntact(line: Buffer, opening: string | null): boolean {
  const isObject = line[0] === OPEN && line.at(-1) === CLOSE;
  return isObject && (opening === null || !line.includes(opening, 1));
}

/**
 * Visits the ranges of a line that may be whole records, in order. `opening`: the text that records begin with, if they
 * all begin alike. `visit` returns whether a range is a record. Returns whether the line holds nothing but records.
 */
export function visitWholeRecords(
  line: Buffer,
  opening: string | null,
  visit: (from: number, to: number) => boolean,
): boolean {
  const beginnings = new Beginnings(line, opening);
  let isComplete = true;
  let budget = MAX_PASSES * line.length;
  let at = skipBlanks(line, 0);
  while (at < line.length && budget > 0) {
    const end = line[at] === OPEN ? endOfValue(line, at) : at;
    budget -= (end === -1 ? line.length : end) - at;
    if (end > at && !continuesValue(line[end]) && visit(at, end)) {
      at = skipBlanks(line, end);
    } else {
      isComplete = false;
      at = beginnings.after(at);
    }
  }
  return isComplete && at === line.length;
}

function skipBlanks(line: Buffer, from: number): number {
  let at = from;
  while (line[at] === SPACE || line[at] === TAB || line[at] === CR) at++;
  return at;
}

/** Whether the byte after an object shows that the object is part of another value. */
function continuesValue(byte: number | undefined): boolean {
  return byte === COMMA || byte === CLOSE || byte === CLOSE_LIST;
}

/** Where a record may begin: with the opening of a record, after another object, or after NUL bytes. */
class Beginnings {
  readonly #line: Buffer;
  readonly #opening: string | null;
  #nextOpening = -1;

  constructor(line: Buffer, opening: string | null) {
    this.#line = line;
    this.#opening = opening;
  }

  /** The first of them after a position; the length of the line if there is none. */
  after(from: number): number {
    const line = this.#line;
    const opening = this.#openingAfter(from);
    for (let at = line.indexOf(OPEN, from + 1); at !== -1 && at < opening; at = line.indexOf(OPEN, at + 1)) {
      const before = line[at - 1];
      if (before === NUL || (before === CLOSE && line[at + 1] === QUOTE)) return at;
    }
    return opening;
  }

  #openingAfter(from: number): number {
    if (this.#nextOpening <= from) {
      const found = this.#opening === null ? -1 : this.#line.indexOf(this.#opening, from + 1);
      this.#nextOpening = found === -1 ? this.#line.length : found;
    }
    return this.#nextOpening;
  }
}
