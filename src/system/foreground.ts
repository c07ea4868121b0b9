// A child that has the terminal: the same process group, the same streams. Colours, raw mode, resizing and job control
// work by themselves then, because the terminal does not know that we are there.
import { type ChildProcess, spawn } from "node:child_process";
import { hasCode } from "./errors.ts";
import { isStopped } from "./process-identity.ts";

export interface ForegroundOptions {
  cwd: string;
  env: Record<string, string | undefined>;
  onStart(pid: number): void;
}

/** How the child ended: exactly one of the first three is set. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Why it could not be started. */
  failure: "ENOENT" | "EACCES" | null;
  /** The signal that asked us to end meanwhile, and was handed on. */
  asked: NodeJS.Signals | null;
}

/** The terminal sends these to every process of the group: they are the child's business. */
const CHILDS_OWN = ["SIGINT", "SIGQUIT"] as const;
/**
 * These may be sent to us alone. Whether they were cannot be told: a child that got them as well hears them twice, as it
 * does from a shell and a terminal that close together. What it makes of them is its own affair, and it is waited for
 * however long it takes: it may be saving its work.
 */
const HANDED_ON = ["SIGTERM", "SIGHUP"] as const;
/** How long a job may take to wake up: all of it is woken at once, but some of it runs sooner. */
const WAKING_MS = 50;

/** Runs a program in the foreground to its end. */
export async function runForeground(
  [file, ...args]: readonly [string, ...string[]],
  { cwd, env, onStart }: ForegroundOptions,
): Promise<Ending> {
  let child: ChildProcess | null = null;
  let asked: NodeJS.Signals | null = null;
  const watch = stopAlong();
  const leaveIt = () => {};
  const handOn = (signal: NodeJS.Signals) => {
    asked = signal;
    child?.kill(signal);
  };
  for (const signal of CHILDS_OWN) process.on(signal, leaveIt);
  for (const signal of HANDED_ON) process.on(signal, handOn);
  try {
    return await new Promise((resolve, reject) => {
      const started = spawn(file, args, { cwd, env, stdio: "inherit" });
      child = started;
      const { pid } = started;
      watch.follow(pid);
      started.on("spawn", () => pid !== undefined && onStart(pid));
      started.on("error", reject);
      started.on("exit", (code, signal) => resolve({ code, signal, failure: null, asked }));
    });
  } catch (error) {
    return { code: null, signal: null, failure: failureOf(error), asked };
  } finally {
    watch.end();
    for (const signal of CHILDS_OWN) process.removeListener(signal, leaveIt);
    for (const signal of HANDED_ON) process.removeListener(signal, handOn);
  }
}

/** Why a program could not be started; some of it is thrown, some told later. */
function failureOf(error: unknown): "ENOENT" | "EACCES" {
  if (hasCode(error, "ENOENT", "ENOTDIR")) return "ENOENT";
  // What has no format the system knows may not be run either.
  if (hasCode(error, "EACCES", "ENOEXEC")) return "EACCES";
  throw error;
}

/**
 * Stops together with a child. Ctrl-Z stops the whole job, but a program that stops itself stops nothing else, and the
 * shell, which only knows us, would wait for ever.
 *
 * The signal that tells it comes once, so this listens from before the child is there: it may stop as its first act.
 */
function stopAlong(): { follow(pid: number | undefined): void; end(): void } {
  let followed: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  const lookLater = (seen: boolean) => {
    timer = setTimeout(async () => {
      const stopped = followed !== undefined && (await isStopped(followed));
      if (timer === undefined) return;
      timer = undefined;
      // Seen once, it may only be waking up a little later than we do.
      if (stopped && seen) process.kill(process.pid, "SIGSTOP");
      else if (stopped) lookLater(true);
    }, WAKING_MS);
  };
  const look = () => {
    // Looking may need a child of our own, whose end calls us again.
    if (timer === undefined) lookLater(false);
  };
  process.on("SIGCHLD", look);
  return {
    follow: (pid) => {
      followed = pid;
    },
    end: () => {
      process.removeListener("SIGCHLD", look);
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
