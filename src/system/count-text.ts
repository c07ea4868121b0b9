import { type ByteRange, readChunks } from "./chunks.ts";

/** How often a text occurs in a range of a file, but at most so often: the search ends there. */
export async function countText(path: string, text: string, range: ByteRange, most: number): Promise<number> {
  const sought = Buffer.from(text);
  const overlap = sought.length - 1;
  let count = 0;
  // The end of what was read, too short to hold all of the text: what follows may bring the rest of it.
  let end = Buffer.alloc(0);
  for await (const chunk of readChunks(path, range)) {
    if (Buffer.concat([end, chunk.subarray(0, overlap)]).includes(sought)) count++;
    for (let at = chunk.indexOf(sought); at !== -1 && count < most; at = chunk.indexOf(sought, at + sought.length)) {
      count++;
    }
    if (count >= most) return most;
    const both = Buffer.concat([end, chunk.subarray(Math.max(0, chunk.length - overlap))]);
    end = both.subarray(Math.max(0, both.length - overlap));
  }
  return count;
}
