// A file written only where there is none: whatever is there, even empty or a link, is the user's.
import { writeFileSync } from "node:fs";
import { hasCode } from "./errors.ts";
import { explainWriteFailure } from "./write-failure.ts";

/** Creates a small file; false when something by that name exists. */
export function createOnce(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: "wx" });
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw explainWriteFailure("create", path, error);
  }
}
