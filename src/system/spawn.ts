// Runs child processes: argv arrays only, bounded output, and a timeout that ends the whole process group.

import { type ChildProcess, spawn } from "node:child_process";
import { debug } from "./debug.ts";
import { hasCode } from "./errors.ts";

export interface RunOptions {
  cwd?: string;
  /** The whole environment of the child; inherited if omitted. */
  env?: Record<string, string>;
  /** Written to standard input, which is then closed. */
  stdin?: string | Uint8Array;
  /** After this many milliseconds the process group gets SIGTERM, and SIGKILL two seconds later. */
  timeoutMs?: number;
  /** Ends the process group as the timeout does. */
  signal?: AbortSignal;
  /** At most this many bytes of each stream are kept: its beginning and its end. Default 8 MiB. */
  maxOutputBytes?: number;
}

/** How a child ended. Exactly one of `code` and `signal` is set, unless `notFound`. */
export interface RunResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  /** The executable does not exist or cannot be executed. */
  notFound: boolean;
  timedOut: boolean;
  /** Output beyond `maxOutputBytes` was omitted. */
  truncated: boolean;
  durationMs: number;
}

const KILL_GRACE_MS = 2_000;
const DEFAULT_MAX_OUTPUT = 8 * 1024 * 1024;

/** Runs a program until it ends. Does not throw for a failing program: the result says how it ended. */
export async function run(argv: readonly [string, ...string[]], options: RunOptions = {}): Promise<RunResult> {
  const began = performance.now();
  const result = (part: Partial<RunResult>): RunResult => {
    const durationMs = Math.round(performance.now() - began);
    const streams = { stdout: "", stderr: "", truncated: false };
    const ended = { code: null, signal: null, ...streams, notFound: false, timedOut: false, durationMs, ...part };
    debug("process", () => describe(argv, ended));
    return ended;
  };
  const [file, ...args] = argv;
  const max = options.maxOutputBytes ?? DEFAULT_MAX_OUTPUT;
  const stdout = new BoundedText(max);
  const stderr = new BoundedText(max);
  const detached = options.timeoutMs !== undefined || options.signal !== undefined;
  if (detached && stopped) return result({ signal: "SIGTERM" });
  return await new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ["pipe", "pipe", "pipe"],
      // The child gets a process group of its own, so that a timeout also ends what the child started.
      detached,
    });
    let timedOut = false;
    if (detached) groups.add(child);
    const stop = () => stopGroup(child);
    const expire = () => {
      timedOut = true;
      stop();
    };
    const timer = options.timeoutMs === undefined ? undefined : setTimeout(expire, options.timeoutMs);
    options.signal?.addEventListener("abort", stop);
    const ended = () => {
      groups.delete(child);
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", stop);
    };
    child.on("error", (error) => {
      ended();
      if (hasCode(error, "ENOENT", "EACCES", "ENOTDIR")) resolve(result({ notFound: true, stderr: error.message }));
      else reject(error);
    });
    // Despite its type, a child that could not be started has no streams.
    if (child.pid === undefined) return;
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.on("close", (code, signal) => {
      ended();
      const truncated = stdout.truncated || stderr.truncated;
      resolve(result({ code, signal, stdout: `${stdout}`, stderr: `${stderr}`, timedOut, truncated }));
    });
    // EPIPE: the child does not read its input. Its exit status says more.
    child.stdin.on("error", () => {});
    child.stdin.end(options.stdin ?? "");
  });
}

/** Omits `-c` settings, whose values may be private. */
function describe(argv: readonly string[], { code, signal, notFound, timedOut, durationMs }: RunResult): string {
  const how = notFound ? "not found" : code === null ? `ended by ${signal}` : `exited ${code}`;
  return `${argv.join(" ").replace(/ -c \S+/g, "")}: ${how}${timedOut ? ", timed out" : ""} after ${durationMs} ms`;
}

/** Running children in process groups of their own: signals to our group do not reach them. */
const groups = new Set<ChildProcess>();

/** Set by `stopChildren`: callers that run several programs in turn must not start the next one. */
let stopped = false;

/** Ends the process groups of all children with a timeout, and prevents new ones. Returns how many there were. */
export function stopChildren(): number {
  stopped = true;
  for (const child of groups) stopGroup(child);
  return groups.size;
}

/** Sends SIGTERM to a process group, then SIGKILL when its leader has ended or the grace period is over. */
function stopGroup(child: ChildProcess): void {
  const kill = () => signalGroup(child, "SIGKILL");
  signalGroup(child, "SIGTERM");
  const timer = setTimeout(kill, KILL_GRACE_MS);
  child.once("close", () => {
    clearTimeout(timer);
    kill();
  });
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!hasCode(error, "ESRCH", "EPERM")) throw error;
  }
}

/** Collects a stream; beyond the limit it keeps the beginning and the end, separated by a line feed. */
class BoundedText {
  truncated = false;
  #head: Buffer[] = [];
  #headSize = 0;
  #tail: Buffer[] = [];
  #tailSize = 0;
  readonly #half: number;

  constructor(max: number) {
    this.#half = Math.max(1, Math.floor(max / 2));
  }

  push(chunk: Buffer): void {
    let rest = chunk;
    if (this.#headSize < this.#half) {
      const taken = rest.subarray(0, this.#half - this.#headSize);
      this.#head.push(taken);
      this.#headSize += taken.length;
      rest = rest.subarray(taken.length);
    }
    if (rest.length === 0) return;
    this.#tail.push(rest);
    this.#tailSize += rest.length;
    while (this.#tailSize - (this.#tail[0]?.length ?? 0) >= this.#half) {
      this.#tailSize -= this.#tail.shift()?.length ?? 0;
      this.truncated = true;
    }
  }

  toString(): string {
    const gap = this.truncated ? [Buffer.from("\n")] : [];
    return Buffer.concat([...this.#head, ...gap, ...this.#tail]).toString("utf8");
  }
}
