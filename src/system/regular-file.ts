// Files that must be regular ones: symbolic links are not followed, and pipes and devices, which may block, are refused.
import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, readSync } from "node:fs";
import { ExpectedError, ifReadable } from "./errors.ts";

/** Undefined on Windows, where `refuseLink` replaces it. */
const NO_FOLLOW: number | undefined = constants.O_NOFOLLOW;

/** Opens a regular file; `verb` is for the error message. System errors are thrown as they are. */
export function openRegular(path: string, flags: number, verb: string): number {
  if (NO_FOLLOW === undefined) refuseLink(path);
  const fd = openSync(path, flags | (NO_FOLLOW ?? 0) | constants.O_NONBLOCK, 0o666);
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  throw new ExpectedError(`cannot ${verb} \`${path}\`: it is not a regular file`, {
    hint: "move it away and try again",
  });
}

function refuseLink(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw Object.assign(new Error(`ELOOP: symbolic link, open '${path}'`), { code: "ELOOP" });
  }
}

/** A file opened for reading; null when it is missing, unreadable or not a regular file. */
export function openIfReadable(path: string): number | null {
  return ifReadable(() => openRegular(path, constants.O_RDONLY, "read"));
}

/** The first bytes of a file as text; null when it is missing, unreadable or not a regular file. */
export function readStart(path: string, bytes: number): string | null {
  return readIfReadable(path, (fd) => {
    const buffer = Buffer.alloc(bytes);
    return buffer.toString("utf8", 0, readSync(fd, buffer, 0, bytes, 0));
  });
}

/** The last bytes of a file as text; null when it is missing, unreadable or not a regular file. */
export function readEnd(path: string, bytes: number): string | null {
  return readIfReadable(path, (fd) => {
    const { size } = fstatSync(fd);
    const from = Math.max(0, size - bytes);
    const buffer = Buffer.alloc(size - from);
    const text = buffer.toString("utf8", 0, readSync(fd, buffer, 0, buffer.length, from));
    // The first byte read may be in the middle of a character.
    return from === 0 ? text : text.replace(/^\ufffd+/, "");
  });
}

/** The text of a file; null when it is missing, unreadable, not a regular file, or larger than `maxBytes`. */
export function readSmallFile(path: string, maxBytes: number): string | null {
  return readIfReadable(path, (fd) => (fstatSync(fd).size > maxBytes ? null : readFileSync(fd, "utf8")));
}

function readIfReadable(path: string, read: (fd: number) => string | null): string | null {
  return ifReadable(() => {
    const fd = openRegular(path, constants.O_RDONLY, "read");
    try {
      return read(fd);
    } finally {
      closeSync(fd);
    }
  });
}
