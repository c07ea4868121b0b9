// Which files a process holds open, and those it started: by proc(5) on Linux, by asking other programs on macOS.
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { hasCode } from "./errors.ts";
import { wantedByLsof } from "./lsof.ts";
import { statusOf } from "./process-tree.ts";

/**
 * The wanted files that a process holds open for writing; where it holds none, those its children hold, and so on down.
 * Below a process that holds one nobody is asked: what it started is its own affair. Nor is a child in a session of its
 * own: Codex starts a daemon that way, which then works for others too. Null where the system does not tell. The signal
 * ends the programs that are asked.
 */
export async function filesOpenForWriting(
  pid: number,
  isWanted: (path: string) => boolean,
  signal: AbortSignal,
  platform: NodeJS.Platform = process.platform,
): Promise<string[] | null> {
  if (platform === "linux") return visit(pid, statusOf(pid)?.session ?? 0, isWanted);
  return platform === "darwin" ? await wantedByLsof(pid, isWanted, signal) : null;
}

/** The wanted files that any process holds open for writing, as far as we may see; null where the system does not tell. */
export function openForWriting(isWanted: (path: string) => boolean): Set<string> | null {
  if (process.platform !== "linux") return null;
  const open = namesIn("/proc").flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    return namesIn(`/proc/${pid}/fd`).flatMap((fd) => {
      const wanted = linkOf(`/proc/${pid}/fd/${fd}`).filter(isWanted);
      return wanted.length > 0 && isWritable(Number(pid), fd) ? wanted : [];
    });
  });
  return new Set(open);
}

function visit(pid: number, session: number, isWanted: (path: string) => boolean): string[] {
  const own = [...new Set(writtenBy(pid).filter(isWanted))];
  if (own.length > 0) return own;
  const children = childrenOf(pid).filter((child) => statusOf(child)?.session === session);
  return children.flatMap((child) => visit(child, session, isWanted));
}

function writtenBy(pid: number): string[] {
  return namesIn(`/proc/${pid}/fd`)
    .filter((fd) => isWritable(pid, fd))
    .flatMap((fd) => linkOf(`/proc/${pid}/fd/${fd}`));
}

/** The last octal digit of the open flags holds the access mode: 0 is reading alone. */
function isWritable(pid: number, fd: string): boolean {
  const flags = /^flags:\s*([0-7]+)$/m.exec(textOf(`/proc/${pid}/fdinfo/${fd}`))?.[1] ?? "0";
  return (Number.parseInt(flags, 8) & 3) !== 0;
}

/** A child belongs to the thread that started it. */
function childrenOf(pid: number): number[] {
  const lists = namesIn(`/proc/${pid}/task`).map((thread) => textOf(`/proc/${pid}/task/${thread}/children`));
  return lists.flatMap((list) => list.split(" ").map(Number)).filter((child) => child > 0);
}

function namesIn(folder: string): string[] {
  return readable(() => readdirSync(folder)) ?? [];
}

function textOf(file: string): string {
  return readable(() => readFileSync(file, "utf8")) ?? "";
}

function linkOf(path: string): string[] {
  return readable(() => [readlinkSync(path)]) ?? [];
}

/** Processes and descriptors vanish while we look, and those of other users are none of ours. */
function readable<Result>(read: () => Result): Result | null {
  try {
    return read();
  } catch (error) {
    if (hasCode(error, "ENOENT", "ESRCH", "EACCES", "EPERM", "ENOTDIR")) return null;
    throw error;
  }
}
