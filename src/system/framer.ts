// Splits a stream of chunks into the records of a JSONL file.
import { visitWholeRecords } from "./damaged-line.ts";
import { parseJson } from "./json.ts";
import { LongLine } from "./long-line.ts";
import { HEAD_BYTES, type RecordVisitor } from "./record-visitor.ts";

const LF = 0x0a;

/** Splits a stream of chunks into records. Each byte is searched for LF once, so a huge record takes linear time. */
export class Framer {
  /** The offset of the current record. */
  end: number;
  /** The length of the current record so far. */
  torn = 0;
  #long: LongLine | null = null;
  /** Where the next opening of a record is in the current chunk. */
  #opening = -1;
  readonly #visitor: RecordVisitor;
  readonly #headBytes: number;

  constructor(from: number, visitor: RecordVisitor) {
    this.end = from;
    this.#visitor = visitor;
    this.#headBytes = visitor.headBytes ?? HEAD_BYTES;
  }

  push(chunk: Buffer): void {
    let position = 0;
    this.#opening = -1;
    for (let lf = chunk.indexOf(LF); lf !== -1; lf = chunk.indexOf(LF, position)) {
      if (this.torn > 0) this.#finish(chunk.subarray(position, lf));
      else this.#visit(chunk, position, lf);
      position = lf + 1;
    }
    if (position < chunk.length) this.#keep(chunk.subarray(position));
  }

  /** A record within one chunk, as nearly all are: no buffering. */
  #visit(chunk: Buffer, from: number, to: number): void {
    const after = this.end + (to - from) + 1;
    if (to > from) {
      if (this.#isWanted(chunk, from, to)) this.#deliver(chunk.subarray(from, to), after);
      else if (this.#hasOpening(chunk, from + 1, to)) this.#checkSkipped(chunk.subarray(from, to), after);
    }
    this.end = after;
  }

  /** The rest of a record that started in an earlier chunk. */
  #finish(last: Buffer): void {
    this.#keep(last);
    const after = this.end + this.torn + 1;
    if (this.#long !== null) this.#deliverLong(this.#long, after);
    this.end = after;
    this.torn = 0;
    this.#long = null;
  }

  #deliverLong(line: LongLine, after: number): void {
    const kept = line.take();
    const isWanted = line.isWanted ?? (kept !== null && this.#isWanted(kept, 0, kept.length));
    if (isWanted && kept === null) this.#visitor.damaged?.(this.end);
    else if (isWanted && kept !== null) this.#deliver(kept, after);
    else if (kept !== null) this.#deliverParts(kept, after, true);
  }

  #keep(piece: Buffer): void {
    this.torn += piece.length;
    this.#long ??= new LongLine(this.#visitor.opening ?? null);
    this.#long.push(piece);
    if (this.#long.isWanted !== null || this.torn < this.#headBytes) return;
    const start = this.#long.take() ?? piece;
    this.#long.isWanted = this.#isWanted(start, 0, start.length);
  }

  #isWanted(bytes: Buffer, from: number, to: number): boolean {
    if (this.#visitor.wants === undefined) return true;
    return this.#visitor.wants(bytes.toString("latin1", from, Math.min(to, from + this.#headBytes)), this.end);
  }

  #deliver(line: Buffer, after: number): void {
    if (!this.#visitor.record(line, this.end, after)) this.#deliverParts(line, after, false);
  }

  /** The opening of a record is in a skipped line: in a field of its record, or because the line is damaged. */
  #checkSkipped(line: Buffer, after: number): void {
    if (parseJson(line.toString()) === undefined) this.#deliverParts(line, after, false);
  }

  /** Passes on the whole records in a damaged line; `isRest`: in the rest of a skipped line, which may be undamaged. */
  #deliverParts(line: Buffer, after: number, isRest: boolean): void {
    let found = 0;
    const isComplete = visitWholeRecords(line, this.#visitor.opening ?? null, (from, to) => {
      const part = line.subarray(from, to);
      if (part.length === line.length && !isRest) return false;
      const isRecord = this.#isWanted(part, 0, part.length)
        ? this.#visitor.record(part, this.end, after)
        : parseJson(part.toString()) !== undefined;
      if (isRecord) found++;
      return isRecord;
    });
    if (isRest ? found > 0 : !isComplete) this.#visitor.damaged?.(this.end);
  }

  #hasOpening(chunk: Buffer, from: number, to: number): boolean {
    const { opening } = this.#visitor;
    if (opening === undefined) return false;
    if (this.#opening < from) {
      const found = chunk.indexOf(opening, from, "latin1");
      this.#opening = found === -1 ? chunk.length : found;
    }
    return this.#opening < to;
  }
}
