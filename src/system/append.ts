// Appends one line in one O_APPEND write, checks the byte count and syncs before it returns.
import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, lstatSync, readSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { syncDirectory } from "./directory.ts";
import { ExpectedError, hasCode } from "./errors.ts";
import { escapeInvisible } from "./invisible-chars.ts";
import { openRegular } from "./regular-file.ts";
import { explainFailure } from "./system-errors.ts";

/** The functions that bring bytes to the disk. Tests replace them to simulate a disk that fails. */
export interface Disk {
  write(fd: number, bytes: Uint8Array): number;
  sync(fd: number): void;
}

export interface AppendOptions {
  /** Whether the caller holds the file's lock. If so, a line that cannot be written completely is removed again. */
  exclusive?: boolean;
  disk?: Disk;
}

const LINE_FEED = 0x0a;
const MAX_ATTEMPTS = 10;
const REAL_DISK: Disk = { write: writeSync, sync: fsyncSync };

/**
 * Appends a line and syncs it. If the file ends in a partial line, the write begins with a line feed, so that only the
 * partial line is lost. After an error, no part of the line remains if the write was `exclusive`. Otherwise a part may
 * remain, because removing it could remove what another process has written after it.
 */
export function appendLine(path: string, line: string, options: AppendOptions = {}): void {
  if (line.includes("\n")) throw new Error("a line to append contains a line feed");
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) if (appendOnce(path, line, options)) return;
  throw keepsChanging(path);
}

/** A JSON value on one line that is safe for readers that split on Unicode line separators, and safe to print. */
export function jsonLine(value: unknown): string {
  return escapeInvisible(JSON.stringify(value));
}

/** False when the file was replaced during the write, so that the line went into the old one. */
function appendOnce(path: string, line: string, options: AppendOptions): boolean {
  const { fd, created } = openForAppend(path);
  try {
    const { size } = fstatSync(fd);
    writeAll(fd, Buffer.from(`${endsInPartialLine(fd, size) ? "\n" : ""}${line}\n`), size, options);
    if (isReplaced(fd, path)) return false;
  } catch (error) {
    throw explainFailure("append to", path, error);
  } finally {
    closeSync(fd);
  }
  if (created) syncDirectory(dirname(path));
  return true;
}

function openForAppend(path: string): { fd: number; created: boolean } {
  const flags = constants.O_RDWR | constants.O_APPEND;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const opened = openUnless("ENOENT", path, flags);
    if (opened !== null) return { fd: opened, created: false };
    const created = openUnless("EEXIST", path, flags | constants.O_CREAT | constants.O_EXCL);
    if (created !== null) return { fd: created, created: true };
  }
  throw keepsChanging(path);
}

/** Opens a file; null when that fails with this error code. */
function openUnless(code: string, path: string, flags: number): number | null {
  try {
    return openRegular(path, flags, "append to");
  } catch (error) {
    if (hasCode(error, code)) return null;
    throw explainFailure("append to", path, error);
  }
}

function keepsChanging(path: string): ExpectedError {
  return new ExpectedError(`another process keeps creating and removing \`${path}\``, {
    hint: "stop that process and try again",
  });
}

function endsInPartialLine(fd: number, size: number): boolean {
  if (size === 0) return false;
  const last = new Uint8Array(1);
  return readSync(fd, last, 0, 1, size - 1) === 1 && last[0] !== LINE_FEED;
}

/**
 * Whether another file has replaced the open one at its path, as git does when it updates a file. The link count is then
 * 0. Some file systems always report 0, so the inode must differ too.
 */
function isReplaced(fd: number, path: string): boolean {
  const { nlink, ino } = fstatSync(fd);
  return nlink === 0 && lstatSync(path, { throwIfNoEntry: false })?.ino !== ino;
}

/** Writes and syncs every byte. Network file systems may report a full disk only at the sync. */
function writeAll(fd: number, bytes: Uint8Array, size: number, options: AppendOptions): void {
  const { exclusive = false, disk = REAL_DISK } = options;
  let written = 0;
  let writes = 0;
  try {
    while (written < bytes.length) {
      const count = disk.write(fd, bytes.subarray(written));
      if (count <= 0) throw new Error("the file system accepted no bytes");
      written += count;
      writes += 1;
    }
    disk.sync(fd);
  } catch (error) {
    if (exclusive && written > 0 && fstatSync(fd).size === size + written) ftruncateSync(fd, size);
    throw error;
  }
  // A line written at once stays whole. Between several writes, another process may have written.
  if (writes > 1 && fstatSync(fd).size !== size + written) {
    throw new ExpectedError("another process wrote into the middle of the line", { hint: "try again" });
  }
}
