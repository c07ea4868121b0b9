// Results, on standard output.
import { hasCode } from "../system/errors.ts";
import { escapeInvisible } from "../system/invisible-chars.ts";
import { writeStdout } from "../system/stdout.ts";
import { escapeControls, escapeLine } from "./terminal-escape.ts";

/** The reader of standard output has closed it (`ctx … | head`), which is not an error. */
export class OutputClosed extends Error {
  override readonly name = "OutputClosed";
}

export interface Output {
  /** One line of data: a path, an id. */
  line(text: string): Promise<void>;
  json(value: unknown): Promise<void>;
  /** Text with line feeds, from a session. */
  document(text: string): Promise<void>;
  /** Text of `ctx` itself, with line feeds and colors, such as a help page. */
  text(text: string): Promise<void>;
}

export function createOutput(isTerminal: boolean): Output {
  return {
    // Data is printed unchanged, except on a terminal, which would interpret its control characters.
    line: (text) => write(`${isTerminal ? escapeLine(text) : text}\n`),
    json: (value) => write(`${escapeInvisible(JSON.stringify(value, null, 2))}\n`),
    document: (text) => write(isTerminal ? escapeControls(text) : text),
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
