// Cuts a JSON record while it is read, so that memory stays bounded whatever the record holds. Of a long string the
// beginning and the end remain. Of a value that is still too long, the remaining elements are dropped.
import { closingQuote } from "./json-bytes.ts";

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN, CLOSE, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];
const LETTER_U = 0x75;

/** How much remains of a string that is too long: its beginning and its end, where the outcome of a command is. */
const EDGE_BYTES = 128 * 1024;
/** Strings are kept whole until the record has this length. From then on, elements are dropped too. */
const ENOUGH_BYTES = 8 * 1024 * 1024;
/** After this many values, the remaining elements of lists and objects inside the record are dropped. */
const ENOUGH_VALUES = 200_000;
/** A record of which more would remain cannot be shortened. */
const [MAX_BYTES, MAX_VALUES] = [ENOUGH_BYTES + 1024 * 1024, ENOUGH_VALUES + 100_000];

export class RecordShortener {
  #kept: Buffer[] = [];
  #length = 0;
  #values = 0;
  #depth = 0;
  /** The depth of the value whose remaining elements are dropped; 0 if none is. */
  #dropped = 0;
  #string: LongString | null = null;

  /** Whether what remains is still too long. */
  get isTooLong(): boolean {
    return this.#length > MAX_BYTES || this.#values > MAX_VALUES;
  }

  /** Reads the next bytes of the record, which may be reused afterwards. */
  push(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length && !this.isTooLong)
      at = this.#string === null ? this.#outside(bytes, at) : this.#inside(bytes, at);
  }

  /** The shortened record. */
  finish(): Buffer {
    this.#endString();
    return Buffer.concat(this.#kept);
  }

  /** Reads up to a string that is long, or incomplete. Returns the position after what was read. */
  #outside(bytes: Buffer, from: number): number {
    let start = from;
    let at = from;
    for (; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        const close = closingQuote(bytes, at + 1);
        if (close === -1 || close - at > EDGE_BYTES) break;
        at = close;
      } else if (byte === OPEN || byte === OPEN_LIST) {
        this.#depth++;
        if (this.#dropped === 0) this.#values++;
      } else if (byte === CLOSE || byte === CLOSE_LIST) {
        this.#depth--;
        if (this.#dropped <= this.#depth) continue;
        this.#dropped = 0;
        start = at;
      } else if (byte === COMMA && this.#dropped === 0) {
        this.#values++;
        const isEnough = this.#values > ENOUGH_VALUES || this.#length + at - start > ENOUGH_BYTES;
        if (!isEnough || this.#depth <= 1) continue;
        this.#keep(bytes.subarray(start, at));
        this.#dropped = this.#depth;
      }
    }
    if (this.#dropped === 0) this.#keep(bytes.subarray(start, at));
    if (at === bytes.length) return at;
    this.#string = new LongString(Math.max(2 * EDGE_BYTES, ENOUGH_BYTES - this.#length));
    return at + 1;
  }

  #inside(bytes: Buffer, from: number): number {
    const end = this.#string?.push(bytes, from) ?? null;
    if (end === null) return bytes.length;
    this.#endString();
    return end;
  }

  #endString(): void {
    if (this.#string !== null && this.#dropped === 0) this.#keep(this.#string.shortened());
    this.#string = null;
  }

  #keep(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#kept.push(Buffer.from(bytes));
    this.#length += bytes.length;
  }
}

/** A JSON string. Of one that is too long, only the beginning and the end are kept. */
class LongString {
  readonly #maxBytes: number;
  /** All of the string, or its beginning. */
  #pieces: Buffer[] = [];
  #tail: Buffer[] = [];
  #tailLength = 0;
  #length = 0;
  #isEscaped = false;
  #isClosed = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Reads the string up to its closing quote. Returns the position after the quote; null if it is not in the bytes. */
  push(bytes: Buffer, from: number): number | null {
    const quote = this.#closingQuote(bytes, from);
    this.#add(bytes.subarray(from, quote ?? bytes.length));
    this.#isClosed = quote !== null;
    return quote === null ? null : quote + 1;
  }

  /** The string with its quotes. */
  shortened(): Buffer {
    const quote = Buffer.from('"');
    const end = this.#isClosed ? [quote] : [];
    if (this.#length <= this.#maxBytes) return Buffer.concat([quote, ...this.#pieces, ...end]);
    const [head, tail] = [Buffer.concat(this.#pieces), Buffer.concat(this.#tail).subarray(-EDGE_BYTES)];
    const first = head.subarray(0, endOfChars(head));
    const last = tail.subarray(startOfChar(tail));
    const note = Buffer.from(`\\n[… ${this.#length - first.length - last.length} bytes omitted …]\\n`);
    return Buffer.concat([quote, first, note, last, ...end]);
  }

  #closingQuote(bytes: Buffer, from: number): number | null {
    let start = from;
    for (let at = bytes.indexOf(QUOTE, from); at !== -1; at = bytes.indexOf(QUOTE, at + 1)) {
      if (!this.#endsEscaped(bytes, start, at)) return at;
      // The escaped quote itself.
      this.#isEscaped = false;
      start = at + 1;
    }
    this.#isEscaped = this.#endsEscaped(bytes, start, bytes.length);
    return null;
  }

  /** Whether the byte at `end` is escaped by a backslash before it. */
  #endsEscaped(bytes: Buffer, start: number, end: number): boolean {
    let at = end;
    while (at > start && bytes[at - 1] === BACKSLASH) at--;
    const isOdd = (end - at) % 2 === 1;
    return at === start && this.#isEscaped ? !isOdd : isOdd;
  }

  #add(bytes: Buffer): void {
    const before = this.#length;
    this.#length += bytes.length;
    if (this.#length <= this.#maxBytes) {
      this.#pieces.push(Buffer.from(bytes));
      return;
    }
    if (before <= this.#maxBytes) this.#divide();
    this.#addToTail(bytes);
  }

  /** Keeps the beginning of what was kept so far, and moves its end to the tail. */
  #divide(): void {
    const whole = Buffer.concat(this.#pieces);
    this.#pieces = [Buffer.from(whole.subarray(0, EDGE_BYTES))];
    this.#addToTail(whole.subarray(EDGE_BYTES));
  }

  #addToTail(bytes: Buffer): void {
    const last = Buffer.from(bytes.subarray(-EDGE_BYTES));
    this.#tail.push(last);
    this.#tailLength += last.length;
    while (this.#tailLength - (this.#tail[0]?.length ?? 0) >= EDGE_BYTES) {
      this.#tailLength -= this.#tail.shift()?.length ?? 0;
    }
  }
}

/** The end of the last complete character or escape sequence. */
function endOfChars(bytes: Buffer): number {
  let at = 0;
  for (let next = 0; next <= bytes.length; next += charLength(bytes, next)) {
    at = next;
    if (next === bytes.length) break;
  }
  return at;
}

function charLength(bytes: Buffer, at: number): number {
  const byte = bytes[at] ?? 0;
  if (byte === BACKSLASH) return bytes[at + 1] === LETTER_U ? 6 : 2;
  return byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

/**
 * Where a character or an escape sequence begins. The first bytes may be the end of one: backslashes, the byte that they
 * escape, and the digits of `\u`.
 */
function startOfChar(bytes: Buffer): number {
  let at = 0;
  while (bytes[at] === BACKSLASH) at++;
  at++;
  const digits = /^[\da-f]{0,4}/i.exec(bytes.toString("latin1", at, at + 4))?.[0].length ?? 0;
  at += digits;
  while (((bytes[at] ?? 0) & 0xc0) === 0x80) at++;
  return Math.min(at, bytes.length);
}
