// Runs a child in the foreground: same process group, same streams. Colors, raw mode, resizing and job control then
// work without further code, because the terminal does not notice the parent.
import { type ChildProcess, spawn } from "node:child_process";
import { hasCode } from "./errors.ts";
import { isStopped } from "./process-identity.ts";

export interface ForegroundOptions {
  cwd: string;
  env: Record<string, string | undefined>;
  onStart(pid: number): void;
}

/** How the child ended: exactly one of the first three is set. */
export interface ForegroundResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Why it could not be started. */
  failure: "ENOENT" | "EACCES" | null;
  /** The last signal that was sent to this process and forwarded to the child. */
  forwarded: NodeJS.Signals | null;
}

/** The terminal sends these signals to the whole process group, so the child receives them directly. */
const IGNORED = ["SIGINT", "SIGQUIT"] as const;
/**
 * These signals may have been sent to this process alone, which cannot be detected, so they are forwarded. A child that
 * also got the original receives two, as it does when a shell and its terminal close together. The child may take as
 * long as it likes to end: it may be saving its work.
 */
const FORWARDED = ["SIGTERM", "SIGHUP"] as const;
/** After SIGCONT the processes of a job do not all run at once: a child may seem stopped for this long. */
const WAKE_UP_MS = 50;

/** Runs a program in the foreground until it ends. */
export async function runForeground(
  [file, ...args]: readonly [string, ...string[]],
  { cwd, env, onStart }: ForegroundOptions,
): Promise<ForegroundResult> {
  let child: ChildProcess | null = null;
  let forwarded: NodeJS.Signals | null = null;
  const stopper = stopTogether();
  const ignore = () => {};
  const forward = (signal: NodeJS.Signals) => {
    forwarded = signal;
    child?.kill(signal);
  };
  for (const signal of IGNORED) process.on(signal, ignore);
  for (const signal of FORWARDED) process.on(signal, forward);
  try {
    return await new Promise((resolve, reject) => {
      const started = spawn(file, args, { cwd, env, stdio: "inherit" });
      child = started;
      const { pid } = started;
      stopper.watch(pid);
      started.on("spawn", () => pid !== undefined && onStart(pid));
      started.on("error", reject);
      started.on("exit", (code, signal) => resolve({ code, signal, failure: null, forwarded }));
    });
  } catch (error) {
    return { code: null, signal: null, failure: startFailure(error), forwarded };
  } finally {
    stopper.end();
    for (const signal of IGNORED) process.removeListener(signal, ignore);
    for (const signal of FORWARDED) process.removeListener(signal, forward);
  }
}

/** Why a program could not be started; rethrows any other error. */
function startFailure(error: unknown): "ENOENT" | "EACCES" {
  if (hasCode(error, "ENOENT", "ENOTDIR")) return "ENOENT";
  // A file in a format that the system cannot execute.
  if (hasCode(error, "EACCES", "ENOEXEC")) return "EACCES";
  throw error;
}

/**
 * Stops this process whenever the child is stopped. Ctrl-Z stops the whole job, but a child that stops itself stops
 * nothing else, and the shell, which only knows this process, would wait for ever.
 *
 * SIGCHLD arrives once, so the listener must exist before the child, which may stop itself as its first act.
 */
function stopTogether(): { watch(pid: number | undefined): void; end(): void } {
  let child: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  const checkLater = (wasStopped: boolean) => {
    timer = setTimeout(async () => {
      const stopped = child !== undefined && (await isStopped(child));
      if (timer === undefined) return;
      timer = undefined;
      // Stops only if two checks in a row find the child stopped. At the first one the child may still be about to
      // continue, only later than this process.
      if (stopped && wasStopped) process.kill(process.pid, "SIGSTOP");
      else if (stopped) checkLater(true);
    }, WAKE_UP_MS);
  };
  const onChildSignal = () => {
    // `isStopped` may start a child process of its own, whose end calls this again.
    if (timer === undefined) checkLater(false);
  };
  process.on("SIGCHLD", onChildSignal);
  return {
    watch: (pid) => {
      child = pid;
    },
    end: () => {
      process.removeListener("SIGCHLD", onChildSignal);
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
