import { closeSync, constants, readSync } from "node:fs";
import { ExpectedError, hasCode } from "./errors.ts";
import { openRegular } from "./regular-file.ts";

/** The first bytes of a file as text; null when it is gone, not to be read, or no regular file. */
export function readStart(path: string, bytes: number): string | null {
  try {
    const fd = openRegular(path, constants.O_RDONLY, "read");
    try {
      const buffer = Buffer.alloc(bytes);
      return buffer.toString("utf8", 0, readSync(fd, buffer, 0, bytes, 0));
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (error instanceof ExpectedError || hasCode(error, "ENOENT", "ENOTDIR", "EACCES", "ELOOP", "EISDIR")) return null;
    throw error;
  }
}
