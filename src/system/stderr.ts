import { writeSync } from "node:fs";
import { hasCode } from "./errors.ts";

const RETRY_MS = 5;

/** Writes to standard error synchronously, so that nothing is lost when the process ends. Ignores a closed pipe. */
export function writeStderr(text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(2, bytes, at);
    } catch (error) {
      if (!hasCode(error, "EAGAIN")) return;
      // The reader made the pipe non-blocking, and it is full: wait as a blocking write would.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
}
