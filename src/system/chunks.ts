// Reads files of any size in chunks, plain or zstd-compressed. Offsets always count uncompressed bytes.
import { constants, createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { createHash } from "./crypto.ts";
import { ExpectedError, messageOf } from "./errors.ts";

const CHUNK_BYTES = 256 * 1024;
/** How many bytes `hashPrefix` hashes at each end of a long prefix. */
const EDGE_BYTES = 512 * 1024;
/** `readLines` cuts longer lines into pieces that overlap, so that memory stays bounded and no short text is split. */
const MAX_LINE_BYTES = 4 * 1024 * 1024;
const LINE_OVERLAP = 16 * 1024;
const LF = 0x0a;

/** A range of bytes of a file. `from` inclusive, `to` exclusive; both default to the ends of the file. */
export interface ByteRange {
  from?: number;
  to?: number;
}

/** Whether the file is compressed, and so can only be read from its beginning. */
export function isCompressed(path: string): boolean {
  return path.endsWith(".zst");
}

/**
 * Yields the range in chunks. A chunk is only valid until the next one is requested, because plain files reuse one
 * buffer. What is appended to a plain file after the first read is not included.
 */
export function readChunks(path: string, range: ByteRange = {}): AsyncGenerator<Buffer, void, void> {
  const from = range.from ?? 0;
  const to = range.to ?? Number.POSITIVE_INFINITY;
  return isCompressed(path) ? decompressedChunks(path, from, to) : plainChunks(path, from, to);
}

async function* plainChunks(path: string, from: number, to: number): AsyncGenerator<Buffer, void, void> {
  // Without this flag, opening a pipe waits until something is written to it.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await file.stat();
    if (!stats.isFile() && !stats.isDirectory()) throw new ExpectedError(`\`${path}\` is not a regular file`);
    const end = Math.min(to, stats.size);
    const buffer = Buffer.allocUnsafe(Math.max(1, Math.min(CHUNK_BYTES, end - from)));
    for (let position = from; position < end; ) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, end - position), position);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
      position += bytesRead;
    }
  } finally {
    await file.close();
  }
}

async function* decompressedChunks(path: string, from: number, to: number): AsyncGenerator<Buffer, void, void> {
  // Loaded lazily: few files are compressed.
  const zlib = await import("node:zlib");
  if (typeof zlib.createZstdDecompress !== "function") {
    throw new ExpectedError(`this runtime has no zstd support to read \`${path}\``, {
      hint: "decompress the file with `zstd -d` and try again",
    });
  }
  const source = createReadStream(path);
  const decoder = zlib.createZstdDecompress({ chunkSize: CHUNK_BYTES });
  source.on("error", (error) => decoder.destroy(error));
  source.pipe(decoder);
  let position = 0;
  try {
    for await (const chunk of decoder) {
      const bytes: Buffer = chunk;
      const start = Math.max(0, from - position);
      const end = Math.min(bytes.length, to - position);
      if (start < end) yield bytes.subarray(start, end);
      position += bytes.length;
      if (position >= to) return;
    }
  } catch (error) {
    if (error instanceof Error && "code" in error && /^Z(STD)?_/.test(String(error.code))) {
      throw new ExpectedError(`\`${path}\` is damaged: ${messageOf(error)}`, { cause: error });
    }
    throw error;
  } finally {
    source.destroy();
    decoder.destroy();
  }
}

/** Counts how often a text occurs in a range of a file; stops at `max`. */
export async function countText(path: string, text: string, range: ByteRange, max: number): Promise<number> {
  const sought = Buffer.from(text);
  const overlap = sought.length - 1;
  let count = 0;
  // The last bytes read, fewer than the text has: an occurrence may begin in them and end in the next chunk.
  let tail = Buffer.alloc(0);
  for await (const chunk of readChunks(path, range)) {
    if (Buffer.concat([tail, chunk.subarray(0, overlap)]).includes(sought)) count++;
    for (let at = chunk.indexOf(sought); at !== -1 && count < max; at = chunk.indexOf(sought, at + sought.length)) {
      count++;
    }
    if (count >= max) return max;
    const joined = Buffer.concat([tail, chunk.subarray(Math.max(0, chunk.length - overlap))]);
    tail = joined.subarray(Math.max(0, joined.length - overlap));
  }
  return count;
}

/** The lines of a file with their numbers, from 1; an overlong line comes in several pieces. */
export async function* readLines(path: string): AsyncGenerator<{ line: number; text: string }, void, void> {
  let rest = Buffer.alloc(0);
  let line = 1;
  for await (const chunk of readChunks(path)) {
    const bytes = Buffer.concat([rest, chunk]);
    let from = 0;
    // `rest` contains no line feed.
    for (let lf = bytes.indexOf(LF, rest.length); lf !== -1; lf = bytes.indexOf(LF, from)) {
      yield { line, text: bytes.toString("utf8", from, lf) };
      from = lf + 1;
      line++;
    }
    rest = bytes.subarray(from);
    if (rest.length > MAX_LINE_BYTES) {
      yield { line, text: rest.toString("utf8") };
      rest = rest.subarray(-LINE_OVERLAP);
    }
  }
  if (rest.length > 0) yield { line, text: rest.toString("utf8") };
}

/**
 * SHA-256, in hex, of the bytes before a position, at a bounded cost: of more than 1 MiB, only the first and the last
 * half MiB are hashed. A program that rewrites the beginning of a log moves what follows, which changes the last bytes.
 * Null when the file is shorter.
 */
export async function hashPrefix(path: string, position: number): Promise<string | null> {
  const hash = createHash("sha256");
  const head = Math.min(position, EDGE_BYTES);
  const tail = Math.max(head, position - EDGE_BYTES);
  let missing = head + (position - tail);
  for (const range of [
    { from: 0, to: head },
    { from: tail, to: position },
  ]) {
    if (range.from === range.to) continue;
    for await (const chunk of readChunks(path, range)) {
      hash.update(chunk);
      missing -= chunk.length;
    }
  }
  return missing === 0 ? hash.digest("hex") : null;
}
