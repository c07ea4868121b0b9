import { readSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { hasCode } from "./errors.ts";

const MAX_BYTES = 4_096;
const RETRY_MS = 20;

/**
 * Reads one line that the user types on standard input, without its line feed; null at end of input (Ctrl-D). A single
 * `read` on a terminal returns one line, so what is typed ahead is left for the next program. `process.stdin` would
 * consume it.
 */
export async function readTerminalLine(): Promise<string | null> {
  const buffer = Buffer.alloc(MAX_BYTES);
  for (;;) {
    try {
      const length = readSync(0, buffer);
      return length === 0 ? null : buffer.toString("utf8", 0, length).replace(/\r?\n$/, "");
    } catch (error) {
      // An earlier program made standard input non-blocking.
      if (!hasCode(error, "EAGAIN")) throw error;
      await sleep(RETRY_MS);
    }
  }
}
