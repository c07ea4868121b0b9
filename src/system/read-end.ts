import { closeSync, constants, fstatSync, readSync } from "node:fs";
import { ExpectedError, hasCode } from "./errors.ts";
import { openRegular } from "./regular-file.ts";

/** The last bytes of a file as text; null when it is gone, not to be read, or no regular file. */
export function readEnd(path: string, bytes: number): string | null {
  try {
    const fd = openRegular(path, constants.O_RDONLY, "read");
    try {
      const { size } = fstatSync(fd);
      const from = Math.max(0, size - bytes);
      const buffer = Buffer.alloc(size - from);
      const text = buffer.toString("utf8", 0, readSync(fd, buffer, 0, buffer.length, from));
      // Where the file was cut, the first character may be only the rest of one.
      return from === 0 ? text : text.replace(/^\ufffd+/, "");
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (error instanceof ExpectedError || hasCode(error, "ENOENT", "ENOTDIR", "EACCES", "ELOOP", "EISDIR")) return null;
    throw error;
  }
}
