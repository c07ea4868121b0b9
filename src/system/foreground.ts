// A child that has the terminal: the same process group, the same streams. Colours, raw mode, resizing and job control
// work by themselves then, because the terminal does not know that we are there.
import { type ChildProcess, spawn } from "node:child_process";
import { hasCode } from "./errors.ts";

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
/** These may be sent to us alone. */
const HANDED_ON = ["SIGTERM", "SIGHUP"] as const;

/** Runs a program in the foreground to its end. */
export async function runForeground(
  [file, ...args]: readonly [string, ...string[]],
  { cwd, env, onStart }: ForegroundOptions,
): Promise<Ending> {
  let child: ChildProcess | null = null;
  let asked: NodeJS.Signals | null = null;
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
      started.on("spawn", () => {
        if (asked !== null) started.kill(asked);
        if (started.pid !== undefined) onStart(started.pid);
      });
      started.on("error", (error) => {
        if (!hasCode(error, "ENOENT", "EACCES", "ENOTDIR")) return reject(error);
        const failure = hasCode(error, "EACCES") ? "EACCES" : "ENOENT";
        resolve({ code: null, signal: null, failure, asked });
      });
      started.on("exit", (code, signal) => resolve({ code, signal, failure: null, asked }));
    });
  } finally {
    for (const signal of CHILDS_OWN) process.removeListener(signal, leaveIt);
    for (const signal of HANDED_ON) process.removeListener(signal, handOn);
  }
}
