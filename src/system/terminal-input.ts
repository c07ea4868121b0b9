// Reads keys from the terminal before another program takes it over. The streams of Bun and Node block in a read, which
// consumes what is typed even after they are closed. This one polls for a key and reads one byte at a time, so it never
// takes a key that is meant for the next program.
import { closeSync, constants, openSync, readSync } from "node:fs";
import { Readable } from "node:stream";
import { ReadStream } from "node:tty";
import { ExpectedError, hasCode } from "./errors.ts";

const TERMINAL = "/dev/tty";
const POLL_MS = 15;
/** Ctrl-Z: `node:readline` stops the process for it, and receives no keys afterwards. */
const SUSPEND = 0x1a;

export class TerminalInput extends Readable {
  readonly isTTY = true;
  /** Opened separately, so that standard input keeps its settings. */
  readonly #keys = openTerminal(constants.O_NONBLOCK);
  /** This stream is never read; it only switches the terminal's mode. */
  readonly #mode = new ReadStream(openTerminal(0));
  readonly #key = Buffer.alloc(1);
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor() {
    super({ highWaterMark: 1 });
  }

  setRawMode(on: boolean): this {
    this.#mode.setRawMode(on);
    return this;
  }

  override _read(): void {
    this.#timer ??= setInterval(() => this.#poll(), POLL_MS);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#stopPolling();
    this.setRawMode(false);
    this.#mode.destroy();
    closeSync(this.#keys);
    done(error);
  }

  #poll(): void {
    // A listener may pause or destroy the stream after any key.
    while (!this.isPaused() && !this.destroyed && this.#readKey()) {
      if (this.#key[0] !== SUSPEND) this.push(Buffer.from(this.#key));
    }
  }

  #readKey(): boolean {
    try {
      if (readSync(this.#keys, this.#key) === 1) return true;
    } catch (error) {
      if (hasCode(error, "EAGAIN")) return false;
      // The terminal is gone.
      if (!hasCode(error, "EIO")) this.destroy(error instanceof Error ? error : new Error(String(error)));
    }
    this.#stopPolling();
    if (!this.destroyed) this.push(null);
    return false;
  }

  #stopPolling(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }
}

function openTerminal(flags: number): number {
  try {
    return openSync(TERMINAL, constants.O_RDONLY | constants.O_NOCTTY | flags);
  } catch (cause) {
    throw new ExpectedError(`cannot read from the terminal: \`${TERMINAL}\` cannot be opened`, { cause });
  }
}
