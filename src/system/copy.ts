// Copies of a file that still grows: complete when they get their final name, then extended by what was added.
import { constants } from "node:fs";
import { access, copyFile, lstat, open } from "node:fs/promises";
import { hashPrefix, readChunks } from "./chunks.ts";
import { hasCode } from "./errors.ts";
import { explainFailure } from "./system-errors.ts";
import { type ReplaceOptions, replaceFile } from "./write-atomic.ts";

/**
 * Copies a file, sharing its blocks where the file system can (then 1 GB costs nothing). The copy holds everything that
 * was written before the call; lines appended during it may be missing.
 */
export async function copySnapshot(source: string, target: string, options: ReplaceOptions = {}): Promise<void> {
  const mode = constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL;
  const copy = async (temporary: string) => {
    // An unreadable source is reported as such; otherwise the error would name the copy.
    await access(source, constants.R_OK).catch((error) => Promise.reject(explainFailure("read", source, error)));
    await copyFile(source, temporary, mode);
  };
  await replaceFile(target, copy, options);
}

/** Appends to a copy what its source gained. The copy must be a prefix of its source. */
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
    throw explainFailure("append to", copy, error);
  }
}

/** Whether a copy is a prefix of its source (a crash may have cut it short), something else, or missing. */
export async function compareCopy(source: string, copy: string): Promise<"prefix" | "other" | "missing"> {
  try {
    const stats = await lstat(copy);
    if (!stats.isFile()) return "other";
    return (await hashPrefix(copy, stats.size)) === (await hashPrefix(source, stats.size)) ? "prefix" : "other";
  } catch (error) {
    if (hasCode(error, "ENOENT")) return "missing";
    throw error;
  }
}
