// The bytes of a file in chunks, from plain and zstd-compressed files alike: offsets always count uncompressed bytes.
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { ExpectedError, messageOf } from "./errors.ts";

const CHUNK_BYTES = 256 * 1024;

/** A run of bytes of a file. `from` inclusive, `to` exclusive; both default to the file's own ends. */
export interface ByteRange {
  from?: number;
  to?: number;
}

/** Whether the file is read through a decompressor, and so only from its beginning. */
export function isCompressed(path: string): boolean {
  return path.endsWith(".zst");
}

/**
 * Yields the range in chunks. A chunk is only valid until the next one is asked for: plain files are read into one
 * buffer over and over. What is appended to a plain file after this call began is not read.
 */
export function readChunks(path: string, range: ByteRange = {}): AsyncGenerator<Buffer, void, void> {
  const from = range.from ?? 0;
  const to = range.to ?? Number.POSITIVE_INFINITY;
  return isCompressed(path) ? decompressedChunks(path, from, to) : plainChunks(path, from, to);
}

async function* plainChunks(path: string, from: number, to: number): AsyncGenerator<Buffer, void, void> {
  const file = await open(path, "r");
  try {
    const end = Math.min(to, (await file.stat()).size);
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
  // Loaded for those that need it: few logs are compressed, and everything reads logs.
  const zlib = await import("node:zlib");
  if (typeof zlib.createZstdDecompress !== "function") {
    throw new ExpectedError(`this runtime cannot read \`${path}\`: it has no zstd`, {
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
