// The keys of the terminal, for a moment: until another program gets it. Every stream of Bun and Node that reads a
// terminal waits in a read, and what is typed after its end still goes to that read. This one only asks whether there
// is a key, takes one byte at a time, and so never a key that was meant for the next program.
import { closeSync, constants, openSync, readSync } from "node:fs";
import { Readable } from "node:stream";
import { ReadStream } from "node:tty";
import { ExpectedError, hasCode } from "./errors.ts";

const TERMINAL = "/dev/tty";
const GLANCE_MS = 15;
/** Ctrl-Z: `node:readline` stops the process for it, and comes back deaf. */
const SUSPEND = 0x1a;

export class TerminalInput extends Readable {
  readonly isTTY = true;
  /** Files of their own: what is set on them leaves standard input as it is. */
  readonly #keys = openTerminal(constants.O_NONBLOCK);
  /** Never read: it only knows how to switch the mode. */
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
    this.#timer ??= setInterval(() => this.#look(), GLANCE_MS);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#rest();
    this.setRawMode(false);
    this.#mode.destroy();
    closeSync(this.#keys);
    done(error);
  }

  #look(): void {
    // Who listens may have had enough with any key.
    while (!this.isPaused() && !this.destroyed && this.#take()) {
      if (this.#key[0] !== SUSPEND) this.push(Buffer.from(this.#key));
    }
  }

  #take(): boolean {
    try {
      if (readSync(this.#keys, this.#key) === 1) return true;
    } catch (error) {
      if (hasCode(error, "EAGAIN")) return false;
      // The terminal is gone.
      if (!hasCode(error, "EIO")) this.destroy(error instanceof Error ? error : new Error(String(error)));
    }
    this.#rest();
    if (!this.destroyed) this.push(null);
    return false;
  }

  #rest(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }
}

function openTerminal(flags: number): number {
  try {
    return openSync(TERMINAL, constants.O_RDONLY | constants.O_NOCTTY | flags);
  } catch (cause) {
    throw new ExpectedError(`no keys can be read: \`${TERMINAL}\` cannot be opened`, { cause });
  }
}
