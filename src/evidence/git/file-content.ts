// What names a file's content and mode in git, computed here: `git hash-object` follows symbolic links and starts filters.
import { lstat, readFile, readlink } from "node:fs/promises";
import { createHash } from "../../system/crypto.ts";
import { hasCode } from "../../system/errors.ts";

/** How many bytes may still be read in all. */
export interface ByteBudget {
  left: number;
}

/** Larger files are not read: hashing them would keep a person waiting. */
const MAX_SIZE = 8 * 1024 * 1024;

/** `<mode> <object>` as a tree would have it; null for no file, undefined for one too large or not readable. */
export async function fileContent(
  path: string,
  algorithm: "sha1" | "sha256",
  budget: ByteBudget,
): Promise<string | null | undefined> {
  try {
    const info = await lstat(path);
    if (info.isSymbolicLink()) return `120000 ${blobName(algorithm, await readlink(path, { encoding: "buffer" }))}`;
    if (!info.isFile()) return null;
    if (info.size > Math.min(MAX_SIZE, budget.left)) return undefined;
    budget.left -= info.size;
    return `${info.mode & 0o100 ? "100755" : "100644"} ${blobName(algorithm, await readFile(path))}`;
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return null;
    if (hasCode(error, "EACCES", "EISDIR", "ELOOP", "ENAMETOOLONG", "EIO", "EPERM")) return undefined;
    throw error;
  }
}

function blobName(algorithm: "sha1" | "sha256", content: Uint8Array): string {
  return createHash(algorithm).update(`blob ${content.length}\0`).update(content).digest("hex");
}
