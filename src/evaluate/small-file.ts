// Files that are read and written whole, such as a login or the settings of a program.
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { ExpectedError, hasCode } from "../system/errors.ts";

const LARGEST_FILE = 1024 * 1024;

/** A file's text, up to a size that it has no business to exceed; null when it is not there. */
export async function readUserFile(path: string, largest = LARGEST_FILE): Promise<string | null> {
  try {
    const { size } = await stat(path);
    if (size > largest) throw new ExpectedError(`\`${path}\` is too large to hold settings or a login`);
    return await readFile(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return null;
    if (!hasCode(error, "EACCES", "EPERM", "EISDIR")) throw error;
    throw new ExpectedError(`cannot read \`${path}\``, { hint: "check who owns it and its mode", cause: error });
  }
}

/** Creates a file that only the user may read, and its folder. */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, content, { mode: 0o600, flag: "wx" });
}
