// A snapshot of a file that may still grow, under its final name only when it is complete.
import { constants } from "node:fs";
import { copyFile } from "node:fs/promises";
import { type ReplaceOptions, replaceFile } from "./write-atomic.ts";

/**
 * Copies a file, sharing its blocks where the file system can (then 1 GB costs nothing). Lines appended meanwhile are
 * in the copy or not; what was there before always is.
 */
export async function copySnapshot(source: string, target: string, options: ReplaceOptions = {}): Promise<void> {
  const how = constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL;
  await replaceFile(target, (temporary) => copyFile(source, temporary, how), options);
}
