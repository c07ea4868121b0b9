import { writeSync } from "node:fs";
import { hasCode } from "./errors.ts";

const RETRY_MS = 5;

/** Writes to standard error at once, so that nothing is lost however the process ends. No reader is no failure. */
export function writeStderr(text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(2, bytes, at);
    } catch (error) {
      if (!hasCode(error, "EAGAIN")) return;
      // The other end made the pipe non-blocking, and it is full: wait as a blocking one would.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
}
