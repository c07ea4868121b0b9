// Lines of a text of any size. A line that never ends comes in pieces that overlap, so that memory stays bounded and
// nothing short is cut in two.
import { readChunks } from "./chunks.ts";

const LONGEST_PIECE = 4 * 1024 * 1024;
const OVERLAP = 16 * 1024;
const LF = 0x0a;

/** The lines of a file with their numbers, from one on; a long one several times. */
export async function* readLines(path: string): AsyncGenerator<{ line: number; text: string }, void, void> {
  let rest = Buffer.alloc(0);
  let line = 1;
  for await (const chunk of readChunks(path)) {
    const bytes = Buffer.concat([rest, chunk]);
    let from = 0;
    // What was held back holds no line feed.
    for (let lf = bytes.indexOf(LF, rest.length); lf !== -1; lf = bytes.indexOf(LF, from)) {
      yield { line, text: bytes.toString("utf8", from, lf) };
      from = lf + 1;
      line++;
    }
    rest = bytes.subarray(from);
    if (rest.length > LONGEST_PIECE) {
      yield { line, text: rest.toString("utf8") };
      rest = rest.subarray(-OVERLAP);
    }
  }
  if (rest.length > 0) yield { line, text: rest.toString("utf8") };
}
