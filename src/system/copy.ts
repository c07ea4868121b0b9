// Copies of a file that still grows: whole under its final name, then kept up with at the cost of what was added.
import { constants } from "node:fs";
import { access, copyFile, lstat, open } from "node:fs/promises";
import { readChunks } from "./chunks.ts";
import { hasCode } from "./errors.ts";
import { hashPrefix } from "./prefix-hash.ts";
import { type ReplaceOptions, replaceFile } from "./write-atomic.ts";
import { explainWriteFailure } from "./write-failure.ts";

/**
 * Copies a file, sharing its blocks where the file system can (then 1 GB costs nothing). Lines appended meanwhile are
 * in the copy or not; what was there before always is.
 */
export async function copySnapshot(source: string, target: string, options: ReplaceOptions = {}): Promise<void> {
  const how = constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL;
  const copy = async (temporary: string) => {
    // Of two files, the one that is to blame is named.
    await access(source, constants.R_OK).catch((error) => Promise.reject(explainWriteFailure("read", source, error)));
    await copyFile(source, temporary, how);
  };
  await replaceFile(target, copy, options);
}

/** Appends to a copy what its source gained. The copy must be how the source begins. */
export async function appendGrowth(source: string, copy: string): Promise<void> {
  try {
    const file = await open(copy, constants.O_WRONLY | constants.O_APPEND);
    try {
      const { size } = await file.stat();
      for await (const chunk of readChunks(source, { from: size })) await file.appendFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw explainWriteFailure("append to", copy, error);
  }
}

/** How a copy stands to its source: how it begins (a crash may have cut it short), something else, or not there. */
export async function compareCopy(source: string, copy: string): Promise<"beginning" | "other" | "missing"> {
  try {
    const stats = await lstat(copy);
    if (!stats.isFile()) return "other";
    return (await hashPrefix(copy, stats.size)) === (await hashPrefix(source, stats.size)) ? "beginning" : "other";
  } catch (error) {
    if (hasCode(error, "ENOENT")) return "missing";
    throw error;
  }
}
