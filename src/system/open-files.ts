// Which files processes hold open for writing: from proc(5) on Linux, from lsof(8) on macOS.
import { closeSync, constants, openSync } from "node:fs";
import { readableNames } from "./directory.ts";
import { ifReadable } from "./errors.ts";
import { openForWritingByLsof } from "./lsof.ts";
import { processIds, processStatus, readLink, readText } from "./proc.ts";

/**
 * The wanted files that a process holds open for writing; if it holds none, those of its children, and so on down. The
 * descendants of a process that holds one are not searched, nor are children in a session of their own: those are
 * daemons, which may also work for others. Null where the system cannot tell. `signal` ends the programs that are run.
 */
export async function filesOpenForWriting(
  pid: number,
  isWanted: (path: string) => boolean,
  signal: AbortSignal,
  platform: NodeJS.Platform = process.platform,
): Promise<string[] | null> {
  if (platform === "linux") return searchTree(pid, processStatus(pid)?.session ?? 0, isWanted);
  return platform === "darwin" ? await openForWritingByLsof(pid, isWanted, signal) : null;
}

/** The wanted files that any visible process holds open for writing; null where the system cannot tell. */
export function allFilesOpenForWriting(isWanted: (path: string) => boolean): Set<string> | null {
  if (process.platform !== "linux") return null;
  const all = ifReadable(processIds) ?? [];
  return new Set(all.flatMap((pid) => filesWrittenBy(pid, isWanted)));
}

function searchTree(pid: number, session: number, isWanted: (path: string) => boolean): string[] {
  const own = [...new Set(filesWrittenBy(pid, isWanted))];
  if (own.length > 0) return own;
  const children = childrenOf(pid).filter((child) => processStatus(child)?.session === session);
  return children.flatMap((child) => searchTree(child, session, isWanted));
}

function filesWrittenBy(pid: number, isWanted: (path: string) => boolean): string[] {
  return (readableNames(`/proc/${pid}/fd`) ?? []).flatMap((fd) => {
    const path = readLink(`/proc/${pid}/fd/${fd}`);
    return path !== null && isWanted(path) && isWriting(pid, fd, path) ? path : [];
  });
}

/**
 * Whether a descriptor writes the file at a path. Since its name was read, the number may have been reused for another
 * file, so the inode and the open mode are compared, which come from a single read.
 */
function isWriting(pid: number, fd: string, path: string): boolean {
  const { inode, isWritable } = descriptorOf(pid, fd);
  if (!isWritable) return false;
  // Linux shows the inode since 5.14; on older kernels the name is read again instead.
  return inode === null ? readLink(`/proc/${pid}/fd/${fd}`) === path : inode === inodeOf(path);
}

function descriptorOf(pid: number | "self", fd: number | string) {
  const info = readText(`/proc/${pid}/fdinfo/${fd}`);
  // The last octal digit of the open flags holds the access mode: 0 is read-only.
  const flags = /^flags:\s*([0-7]+)$/m.exec(info)?.[1] ?? "0";
  return { inode: /^ino:\s*(\d+)$/m.exec(info)?.[1] ?? null, isWritable: (Number.parseInt(flags, 8) & 3) !== 0 };
}

/** The inode as a descriptor shows it: on an overlay file system the path has a different number. */
function inodeOf(path: string): string | null {
  const fd = ifReadable(() => openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
  if (fd === null) return null;
  try {
    return descriptorOf("self", fd).inode;
  } finally {
    closeSync(fd);
  }
}

/** The kernel lists children by the thread that started them. */
function childrenOf(pid: number): number[] {
  const threads = readableNames(`/proc/${pid}/task`) ?? [];
  const lists = threads.map((thread) => readText(`/proc/${pid}/task/${thread}/children`));
  return lists.flatMap((list) => list.split(" ").map(Number)).filter((child) => child > 0);
}
