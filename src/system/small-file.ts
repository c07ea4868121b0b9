// A small file that somebody else wrote, or may just be writing or removing.
import { closeSync, constants, fstatSync, readFileSync } from "node:fs";
import { ExpectedError, hasCode } from "./errors.ts";
import { openRegular } from "./regular-file.ts";

/** The text of a file; null when it is gone, not to be read, no regular file, or larger than it should be. */
export function readSmallFile(path: string, maxBytes: number): string | null {
  try {
    const fd = openRegular(path, constants.O_RDONLY, "read");
    try {
      return fstatSync(fd).size > maxBytes ? null : readFileSync(fd, "utf8");
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (error instanceof ExpectedError || hasCode(error, "ENOENT", "ENOTDIR", "EACCES", "ELOOP", "EISDIR")) return null;
    throw error;
  }
}
