// Runs programs under strace, which makes a chosen system call fail, or kills its caller there.
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A system call: its name, and its number among the calls of that name in its thread, from 1. */
export interface Call {
  name: string;
  number: number;
}

/** What happens to a call: an error of errno(3), a kill before it is carried out, or a delay. */
export type Fault = "SIGKILL" | `E${string}` | { delayMs: number };

/** The calls that change a file system. */
const WRITING =
  "openat write pwrite64 writev fsync fdatasync ftruncate rename link unlink mkdir rmdir chmod fchmod fchown copy_file_range ioctl".split(
    " ",
  );

/** Whether programs may be traced: some containers forbid it, and other systems have no strace. */
export const MAY_TRACE = process.platform === "linux" && mayTrace();

function mayTrace(): boolean {
  if (Bun.which("strace") === null) throw new Error("strace is not installed: run `scripts/clients`");
  return Bun.spawnSync(["strace", "-o", "/dev/null", "true"]).success;
}

/** The argv that runs a program and traces the calls of its first thread, which writes rows and pages. */
export function traced(log: string, argv: readonly string[], calls: readonly string[] = WRITING): string[] {
  return ["strace", "-y", "-o", log, "-e", `trace=${calls.join(",")}`, ...argv];
}

/** The argv that runs a program and injects a fault into one call, of its first thread or of every thread. */
export function faulty(
  log: string,
  { name, number }: Call,
  fault: Fault,
  argv: readonly string[],
  threads: "first" | "every" = "first",
): string[] {
  const injection = typeof fault === "object" ? `delay_enter=${fault.delayMs}ms` : injectionOf(fault);
  // The programs that it starts are not traced.
  const followed = threads === "every" ? ["-f", "-b", "execve"] : [];
  const when = typeof fault === "object" ? `${number}+` : number;
  const rules = ["-e", `trace=${name}`, "-e", `inject=${name}:${injection}:when=${when}`];
  return ["strace", ...followed, "-y", "-o", log, ...rules, ...argv];
}

function injectionOf(fault: string): string {
  return fault === "SIGKILL" ? "signal=SIGKILL" : `error=${fault}`;
}

/** The calls of a trace that change something below a folder. */
export function writingCalls(log: string, folder: string): Call[] {
  return callsBelow(log, folder, (line) => !line.startsWith("openat(") || /O_WRONLY|O_RDWR|O_CREAT/.test(line));
}

/** The calls of a trace that name a path in a folder. */
export function callsBelow(log: string, folder: string, counts: (line: string) => boolean = () => true): Call[] {
  const numbers = new Map<string, number>();
  return linesOf(log).flatMap((line) => {
    const name = /^(\w+)\(/.exec(line)?.[1];
    if (name === undefined) return [];
    const number = (numbers.get(name) ?? 0) + 1;
    numbers.set(name, number);
    return line.includes(join(folder, "/")) && counts(line) ? [{ name, number }] : [];
  });
}

/** The number of faults injected in a trace. */
export function countFaults(log: string): number {
  return linesOf(log).filter((line) => /\(INJECTED\)|\(DELAYED\)|\+\+\+ killed by SIGKILL/.test(line)).length;
}

function linesOf(log: string): string[] {
  return readFileSync(log, "utf8").split("\n");
}

/** The argv that runs a program and traces where it and the programs it starts write. */
export function watched(log: string, argv: readonly string[]): string[] {
  const calls = "openat,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,rmdir";
  return ["strace", "-f", "--seccomp-bpf", "-o", log, "-e", `trace=${calls}`, ...argv];
}

/** The absolute paths that a trace creates, writes, moves or removes, or tries to. */
export function writtenPaths(log: string): string[] {
  const changing = linesOf(log).filter((line) => !line.includes(" openat(") || /O_WRONLY|O_RDWR|O_CREAT/.test(line));
  return changing.flatMap((line) => [...line.matchAll(/"(\/[^"]*)"/g)].map(([, path = ""]) => path));
}
