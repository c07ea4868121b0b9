// Reads the rows of a JSONL file that merges, editors and crashes may have damaged: every whole row is found, and the
// rest is reported.
import { closeSync, constants, fstatSync, readSync } from "node:fs";
import { hasCode } from "../system/errors.ts";
import { parseJsonObject } from "../system/json.ts";
import { openRegular } from "../system/regular-file.ts";
import { explainFailure } from "../system/system-errors.ts";

/** A damaged line of a file, counted from 1. */
export interface RowProblem {
  line: number;
  problem: string;
}

/** The rows of one line: usually one; several if version 1 joined them after a torn write. */
export interface ParsedLine {
  rows: Record<string, unknown>[];
  problems: string[];
}

/** Longer lines are not read, so that a hostile file cannot fill the memory. */
export const MAX_ROW_BYTES = 8 * 1024 * 1024;

const CHUNK_BYTES = 256 * 1024;
/** Room for what is appended to a small file while it is read. */
const SMALL_BYTES = 4096;
const LF = 0x0a;
const BOM = "\uFEFF";
/** How rows of every version start. Inside a JSON string the quotes would be escaped. */
const ROW_START = /(?=\{"schema_version":)/;

/** Passes every line that is not empty to `visit`, in constant memory. A missing file has none. */
export function scanLines(
  path: string,
  visit: (bytes: Buffer, line: number) => void,
  tooLong: (line: number) => void = () => {},
): void {
  let line = 1;
  let pieces: Buffer[] = [];
  let length = 0;
  const close = (piece: Buffer) => {
    length += piece.length;
    if (length > MAX_ROW_BYTES) tooLong(line);
    else if (length > 0) visit(pieces.length === 0 ? piece : Buffer.concat([...pieces, piece]), line);
    line += 1;
    pieces = [];
    length = 0;
  };
  for (const chunk of readChunks(path)) {
    let position = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, position)) {
      close(chunk.subarray(position, end));
      position = end + 1;
    }
    if (position === chunk.length) continue;
    const rest = chunk.subarray(position);
    length += rest.length;
    if (length <= MAX_ROW_BYTES) pieces.push(Buffer.from(rest));
    else pieces = [];
  }
  if (length > 0) close(Buffer.alloc(0));
}

/** The rows of a line, and its problems. */
export function parseLine(bytes: Uint8Array): ParsedLine {
  const problems: string[] = [];
  let text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  text = strip(text, BOM, "a byte order mark", problems);
  text = strip(text, "\0", "NUL bytes", problems);
  text = strip(text, "\r", "a carriage return", problems);
  if (text.trim() === "") return { rows: [], problems };
  if (/^(<{7}|={7}|>{7}|\|{7})( |$)/.test(text))
    return { rows: [], problems: [...problems, "a merge conflict marker"] };
  const whole = parseJsonObject(text);
  if (whole !== null) return { rows: [whole], problems };
  const parts = text.split(ROW_START);
  const rows = parts.map(parseJsonObject).filter((row) => row !== null);
  problems.push(rows.length === parts.length ? "several rows on one line" : "an incomplete row");
  return { rows, problems };
}

/** Removes a character from both ends. */
function strip(text: string, character: string, name: string, problems: string[]): string {
  let start = 0;
  let end = text.length;
  while (start < end && text[start] === character) start += 1;
  while (end > start && text[end - 1] === character) end -= 1;
  if (start === 0 && end === text.length) return text;
  problems.push(name);
  return text.slice(start, end);
}

function* readChunks(path: string): Generator<Buffer> {
  let fd: number;
  try {
    fd = openRegular(path, constants.O_RDONLY, "read");
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return;
    throw explainFailure("read", path, error);
  }
  try {
    // A smaller buffer for small files: there may be thousands.
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, fstatSync(fd).size + SMALL_BYTES));
    for (let count = readSync(fd, buffer); count > 0; count = readSync(fd, buffer)) yield buffer.subarray(0, count);
  } finally {
    closeSync(fd);
  }
}
