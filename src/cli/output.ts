// Data leaves the program here, on standard output.
import { hasCode } from "../system/errors.ts";
import { escapeInvisible } from "../system/invisible-chars.ts";
import { writeStdout } from "../system/stdout.ts";
import { visible, visibleLine } from "./visible.ts";

/** The reader of our output is gone (`ctx … | head`): nothing is wrong, there is just no more to do. */
export class OutputClosed extends Error {
  override readonly name = "OutputClosed";
}

export interface Output {
  /** One line of data: a path, an id. */
  line(text: string): Promise<void>;
  /** A result as JSON. */
  json(value: unknown): Promise<void>;
  /** A text made from a session, with line feeds of its own. */
  document(text: string): Promise<void>;
  /** Text of ours with colours and line feeds of its own, such as a help page. */
  text(text: string): Promise<void>;
}

export function createOutput(isTerminal: boolean): Output {
  return {
    // A path is data and leaves unchanged, except to a terminal, which would obey the control characters in it.
    line: (text) => write(`${isTerminal ? visibleLine(text) : text}\n`),
    json: (value) => write(`${escapeInvisible(JSON.stringify(value, null, 2))}\n`),
    document: (text) => write(isTerminal ? visible(text) : text),
    text: write,
  };
}

async function write(text: string): Promise<void> {
  try {
    await writeStdout(text);
  } catch (error) {
    throw hasCode(error, "EPIPE") ? new OutputClosed() : error;
  }
}
