import { unlinkSync } from "node:fs";
import { hasCode } from "./errors.ts";
import { explainWriteFailure } from "./write-failure.ts";

/** Removes a file, if it is there. */
export function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw explainWriteFailure("remove", path, error);
  }
}
