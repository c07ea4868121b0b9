// Whether what was read of a file before is still what it begins with, at the same cost however long that is.
import { readChunks } from "./chunks.ts";
import { createHash } from "./hash.ts";

/** How much of each end of a prefix is hashed. */
const EDGE_BYTES = 512 * 1024;

/**
 * SHA-256, in hex, of the bytes before a position; of more than 1 MiB, of the first and the last half MiB of them. A
 * tool that rewrites its log moves what follows, so its last bytes tell. Offsets count uncompressed bytes. Null when
 * the file is shorter.
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
