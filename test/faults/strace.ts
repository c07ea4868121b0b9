// Programs run under strace, which makes a system call fail, or kills its caller, at an exact point.
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The how-manieth call of a name in its thread. */
export interface Call {
  name: string;
  number: number;
}

/** What becomes of a call: one of the errors of errno(3), a kill before it is carried out, or a delay. */
export type Fault = "SIGKILL" | `E${string}` | { delayMs: number };

/** The calls by which anything gets to a disk, or away from it. */
const WRITING = [
  ...["openat", "write", "pwrite64", "writev", "fsync", "fdatasync", "ftruncate", "rename", "link", "unlink"],
  ...["mkdir", "rmdir", "chmod", "fchmod", "fchown", "copy_file_range", "ioctl"],
];

/** Whether programs may be traced: in some containers they may not, and other systems have no strace. */
export const MAY_TRACE = process.platform === "linux" && mayTrace();

function mayTrace(): boolean {
  if (Bun.which("strace") === null) throw new Error("strace is not installed: run `scripts/clients`");
  return Bun.spawnSync(["strace", "-o", "/dev/null", "true"]).success;
}

/** The argv that runs a program and writes down the calls of its first thread, where rows and pages are written. */
export function traced(log: string, argv: readonly string[], calls: readonly string[] = WRITING): string[] {
  return ["strace", "-y", "-o", log, "-e", `trace=${calls.join(",")}`, ...argv];
}

/** The argv that runs a program in which one call goes wrong: of its first thread, or that one of every thread. */
export function faulty(
  log: string,
  { name, number }: Call,
  fault: Fault,
  argv: readonly string[],
  threads: "first" | "every" = "first",
): string[] {
  const how = typeof fault === "object" ? `delay_enter=${fault.delayMs}ms` : tamper(fault);
  // Programs it starts are let go: their faults are theirs.
  const followed = threads === "every" ? ["-f", "-b", "execve"] : [];
  const when = typeof fault === "object" ? `${number}+` : number;
  return [
    "strace",
    ...followed,
    "-y",
    "-o",
    log,
    "-e",
    `trace=${name}`,
    "-e",
    `inject=${name}:${how}:when=${when}`,
  ].concat(argv);
}

function tamper(fault: string): string {
  return fault === "SIGKILL" ? "signal=SIGKILL" : `error=${fault}`;
}

/** The calls of a trace that change something below a folder. */
export function writingCalls(log: string, folder: string): Call[] {
  return callsBelow(log, folder, (line) => !line.startsWith("openat(") || /O_WRONLY|O_RDWR|O_CREAT/.test(line));
}

/** The calls of a trace that have to do with a folder, or with what is below it. */
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

/** How many calls of a trace went wrong. */
export function countFaults(log: string): number {
  return linesOf(log).filter((line) => /\(INJECTED\)|\(DELAYED\)|\+\+\+ killed by SIGKILL/.test(line)).length;
}

function linesOf(log: string): string[] {
  return readFileSync(log, "utf8").split("\n");
}

/** The argv that runs a program, and all it starts, and writes down where they write. */
export function watched(log: string, argv: readonly string[]): string[] {
  const calls = ["openat", "creat", "mkdir", "mkdirat", "rename", "renameat", "renameat2", "link", "linkat", "symlink"];
  return ["strace", "-f", "--seccomp-bpf", "-o", log, "-e", `trace=${calls.join(",")},symlinkat,unlink,rmdir`, ...argv];
}

/** The absolute paths that were created, written, moved or removed, or were to be. */
export function writtenPaths(log: string): string[] {
  const changing = linesOf(log).filter((line) => !line.includes(" openat(") || /O_WRONLY|O_RDWR|O_CREAT/.test(line));
  return changing.flatMap((line) => [...line.matchAll(/"(\/[^"]*)"/g)].map(([, path = ""]) => path));
}
