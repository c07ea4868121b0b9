import { readSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { hasCode } from "./errors.ts";

const MAX_BYTES = 4_096;
const RETRY_MS = 20;

/**
 * One line typed at the terminal on standard input, without its line feed; null at its end (Ctrl-D). Read by a single
 * call: a terminal gives one line at a time, so that what is typed ahead stays for the program that comes next.
 * `process.stdin` would take it.
 */
export async function readTerminalLine(): Promise<string | null> {
  const buffer = Buffer.alloc(MAX_BYTES);
  for (;;) {
    try {
      const length = readSync(0, buffer);
      return length === 0 ? null : buffer.toString("utf8", 0, length).replace(/\r?\n$/, "");
    } catch (error) {
      // Somebody before us made it non-blocking.
      if (!hasCode(error, "EAGAIN")) throw error;
      await sleep(RETRY_MS);
    }
  }
}
