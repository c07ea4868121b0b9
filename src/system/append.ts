// One line, appended whole: one buffer, one O_APPEND write, its byte count checked, synced before it is reported done.
import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, lstatSync, readSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { syncDirectory } from "./directory.ts";
import { ExpectedError, hasCode } from "./errors.ts";
import { openRegular } from "./regular-file.ts";
import { escapeUnseen } from "./unseen.ts";
import { explainWriteFailure } from "./write-failure.ts";

/** How bytes reach the file; tests put a failing disk here. */
export interface Disk {
  write(fd: number, bytes: Uint8Array): number;
  sync(fd: number): void;
}

export interface AppendOptions {
  /** Nobody else writes, since the caller holds the file's lock: what cannot be written whole may be taken back. */
  alone?: boolean;
  disk?: Disk;
}

const LINE_FEED = 0x0a;
const ATTEMPTS = 10;
const REAL_DISK: Disk = { write: writeSync, sync: fsyncSync };

/**
 * Appends a line and syncs it. A file that ends in half a line gets a line feed first, inside the same write, so only
 * that half is lost. When it throws, nothing of the line is in the file if the caller is alone; otherwise a part of it
 * may stay, since cutting it off could cut off what another process wrote behind it.
 */
export function appendLine(path: string, line: string, options: AppendOptions = {}): void {
  if (line.includes("\n")) throw new Error("a line to append holds a line feed");
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) if (appendOnce(path, line, options)) return;
  throw comesAndGoes(path);
}

/** A JSON value on one line, also for readers that split on Unicode's own line ends, and for people who print it. */
export function jsonLine(value: unknown): string {
  return escapeUnseen(JSON.stringify(value));
}

/** False when the file was replaced meanwhile: the line went into one that nobody will read. */
function appendOnce(path: string, line: string, options: AppendOptions): boolean {
  const { fd, created } = openForAppend(path);
  try {
    const { size } = fstatSync(fd);
    writeWhole(fd, Buffer.from(`${endsInHalfLine(fd, size) ? "\n" : ""}${line}\n`), size, options);
    if (isReplaced(fd, path)) return false;
  } catch (error) {
    throw explainWriteFailure("append to", path, error);
  } finally {
    closeSync(fd);
  }
  if (created) syncDirectory(dirname(path));
  return true;
}

function openForAppend(path: string): { fd: number; created: boolean } {
  const flags = constants.O_RDWR | constants.O_APPEND;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const opened = open(path, flags, "ENOENT");
    if (opened !== null) return { fd: opened, created: false };
    const created = open(path, flags | constants.O_CREAT | constants.O_EXCL, "EEXIST");
    if (created !== null) return { fd: created, created: true };
  }
  throw comesAndGoes(path);
}

/** Opens a file; null when it fails with the one code that the caller has an answer to. */
function open(path: string, flags: number, unless: string): number | null {
  try {
    return openRegular(path, flags, "append to");
  } catch (error) {
    if (hasCode(error, unless)) return null;
    throw explainWriteFailure("append to", path, error);
  }
}

function comesAndGoes(path: string): ExpectedError {
  return new ExpectedError(`\`${path}\` comes and goes`, { hint: "end what removes it and try again" });
}

function endsInHalfLine(fd: number, size: number): boolean {
  if (size === 0) return false;
  const last = new Uint8Array(1);
  return readSync(fd, last, 0, 1, size - 1) === 1 && last[0] !== LINE_FEED;
}

/** Git, for one, replaces a file by unlinking it. Some file systems count no links: there the inode must differ too. */
function isReplaced(fd: number, path: string): boolean {
  const { nlink, ino } = fstatSync(fd);
  return nlink === 0 && lstatSync(path, { throwIfNoEntry: false })?.ino !== ino;
}

/** Writes and syncs every byte. Network file systems may say only at the sync that there was no space left. */
function writeWhole(fd: number, bytes: Uint8Array, size: number, { alone = false, disk = REAL_DISK }: AppendOptions) {
  let written = 0;
  let writes = 0;
  try {
    while (written < bytes.length) {
      const count = disk.write(fd, bytes.subarray(written));
      if (count <= 0) throw new Error("the file system took no bytes");
      written += count;
      writes += 1;
    }
    disk.sync(fd);
  } catch (error) {
    if (alone && written > 0 && fstatSync(fd).size === size + written) ftruncateSync(fd, size);
    throw error;
  }
  // In one write the line is whole wherever it landed; in several, another writer may have come between.
  if (writes > 1 && fstatSync(fd).size !== size + written) {
    throw new ExpectedError("another process wrote between two halves of a line", { hint: "try again" });
  }
}
