import { ExpectedError } from "../system/errors.ts";

/** The folder we were started in; it may have been removed since. */
export function currentFolder(): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw new ExpectedError("the current folder is gone", { hint: "change to one that exists", cause });
  }
}
