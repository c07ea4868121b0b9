// One line, appended whole: one buffer, one O_APPEND write, its byte count checked, synced before it is reported done.
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { syncDirectory } from "./directory.ts";
import { ExpectedError, hasCode } from "./errors.ts";
import { explainWriteFailure } from "./write-failure.ts";

/** How bytes reach the file; tests put a failing disk here. */
export type Write = (fd: number, bytes: Uint8Array) => number;

const LINE_FEED = 0x0a;

/** Missing on Windows, where `refuseLink` stands in for it. */
const NO_FOLLOW: number | undefined = constants.O_NOFOLLOW;

/**
 * Appends a line and syncs it. A file that ends in half a line gets a line feed first, inside the same write, so only
 * that half is lost. When it throws, the line is not in the file, unless another process wrote at that very moment:
 * then half of it may be, on a line of its own.
 */
export function appendLine(path: string, line: string, write: Write = writeSync): void {
  if (line.includes("\n")) throw new Error("a line to append holds a line feed");
  const { fd, created } = openForAppend(path);
  try {
    const { size } = fstatSync(fd);
    const bytes = Buffer.from(`${endsInHalfLine(fd, size) ? "\n" : ""}${line}\n`);
    writeWhole(fd, bytes, size, write);
    fsyncSync(fd);
  } catch (error) {
    throw explainWriteFailure("append to", path, error);
  } finally {
    closeSync(fd);
  }
  if (created) syncDirectory(dirname(path));
}

/** A JSON value on one line, also for readers that split on Unicode's own line ends. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u0085\u2028\u2029]/g,
    (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function openForAppend(path: string): { fd: number; created: boolean } {
  if (NO_FOLLOW === undefined) refuseLink(path);
  const flags = constants.O_RDWR | constants.O_APPEND | (NO_FOLLOW ?? 0);
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const opened = open(path, flags, "ENOENT");
    if (opened !== null) return { fd: regularFile(opened, path), created: false };
    const created = open(path, flags | constants.O_CREAT | constants.O_EXCL, "EEXIST");
    if (created !== null) return { fd: created, created: true };
  }
  throw new ExpectedError(`\`${path}\` comes and goes`, { hint: "end what removes it and try again" });
}

/** Opens a file; null when it fails with the one code that the caller has an answer to. */
function open(path: string, flags: number, unless: string): number | null {
  try {
    return openSync(path, flags, 0o666);
  } catch (error) {
    if (hasCode(error, unless)) return null;
    throw explainWriteFailure("append to", path, error);
  }
}

function regularFile(fd: number, path: string): number {
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  throw new ExpectedError(`cannot append to \`${path}\`: it is no regular file`, {
    hint: "move it away and try again",
  });
}

function refuseLink(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new ExpectedError(`cannot append to \`${path}\`: it is a symbolic link`, {
      hint: "replace the link by the file itself",
    });
  }
}

function endsInHalfLine(fd: number, size: number): boolean {
  if (size === 0) return false;
  const last = new Uint8Array(1);
  return readSync(fd, last, 0, 1, size - 1) === 1 && last[0] !== LINE_FEED;
}

/** Writes every byte or takes back those it wrote, as far as nobody wrote behind them. */
function writeWhole(fd: number, bytes: Uint8Array, size: number, write: Write): void {
  let written = 0;
  let writes = 0;
  try {
    while (written < bytes.length) {
      const count = write(fd, bytes.subarray(written));
      if (count <= 0) throw new Error("the file system took no bytes");
      written += count;
      writes += 1;
    }
  } catch (error) {
    if (written > 0 && fstatSync(fd).size === size + written) ftruncateSync(fd, size);
    throw error;
  }
  // In one write the line is whole wherever it landed; in several, another writer may have come between.
  if (writes > 1 && fstatSync(fd).size !== size + written) {
    throw new ExpectedError("another process wrote between two halves of a line", { hint: "try again" });
  }
}
