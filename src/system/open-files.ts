// Which files a process holds open, and those it started: by proc(5) on Linux, by asking other programs on macOS.
import { closeSync, constants, openSync } from "node:fs";
import { readableNames } from "./directory.ts";
import { ifReadable } from "./errors.ts";
import { wantedByLsof } from "./lsof.ts";
import { linkOf, processIds, statusOf, textOf } from "./proc.ts";

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
  const all = ifReadable(processIds) ?? [];
  return new Set(all.flatMap((pid) => writtenBy(pid, isWanted)));
}

function visit(pid: number, session: number, isWanted: (path: string) => boolean): string[] {
  const own = [...new Set(writtenBy(pid, isWanted))];
  if (own.length > 0) return own;
  const children = childrenOf(pid).filter((child) => statusOf(child)?.session === session);
  return children.flatMap((child) => visit(child, session, isWanted));
}

function writtenBy(pid: number, isWanted: (path: string) => boolean): string[] {
  return (readableNames(`/proc/${pid}/fd`) ?? []).flatMap((fd) => {
    const path = linkOf(`/proc/${pid}/fd/${fd}`);
    return path !== null && isWanted(path) && isWriting(pid, fd, path) ? path : [];
  });
}

/**
 * Whether the file at a path is what a descriptor writes. The descriptor may be another file's since its name was read:
 * Codex reads the logs of other sessions where it then opens its own. What it is and how it is open stand in one place.
 */
function isWriting(pid: number, fd: string, path: string): boolean {
  const { inode, isWritable } = descriptorOf(pid, fd);
  if (!isWritable) return false;
  // Linux tells the inode since 5.14; until then what the name is, once more, has to do.
  return inode === null ? linkOf(`/proc/${pid}/fd/${fd}`) === path : inode === inodeOf(path);
}

function descriptorOf(pid: number | "self", fd: number | string) {
  const info = textOf(`/proc/${pid}/fdinfo/${fd}`);
  // The last octal digit of the open flags holds the access mode: 0 is reading alone.
  const flags = /^flags:\s*([0-7]+)$/m.exec(info)?.[1] ?? "0";
  return { inode: /^ino:\s*(\d+)$/m.exec(info)?.[1] ?? null, isWritable: (Number.parseInt(flags, 8) & 3) !== 0 };
}

/** As a descriptor tells it: on an overlay a path has another number. */
function inodeOf(path: string): string | null {
  const fd = ifReadable(() => openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
  if (fd === null) return null;
  try {
    return descriptorOf("self", fd).inode;
  } finally {
    closeSync(fd);
  }
}

/** A child belongs to the thread that started it. */
function childrenOf(pid: number): number[] {
  const threads = readableNames(`/proc/${pid}/task`) ?? [];
  const lists = threads.map((thread) => textOf(`/proc/${pid}/task/${thread}/children`));
  return lists.flatMap((list) => list.split(" ").map(Number)).filter((child) => child > 0);
}
