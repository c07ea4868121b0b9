// Reads the user's settings and logins, and writes the private copies. Symbolic links are followed, unlike in
// system/regular-file.ts: many users link these files from a folder of their own.
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { ExpectedError, hasCode } from "../system/errors.ts";

const MAX_BYTES = 1024 * 1024;

/** The text of a settings or credentials file; null if there is none. Throws if it is unreadable or larger than `maxBytes`. */
export async function readUserFile(path: string, maxBytes = MAX_BYTES): Promise<string | null> {
  try {
    const stats = await stat(path);
    // Reading a pipe would block forever.
    if (!stats.isFile()) throw new ExpectedError(`cannot read \`${path}\`: it is not a file`);
    if (stats.size > maxBytes) throw new ExpectedError(`\`${path}\` is too large for a settings or credentials file`);
    return await readFile(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return null;
    if (!hasCode(error, "EACCES", "EPERM")) throw error;
    throw new ExpectedError(`cannot read \`${path}\``, { hint: "check its owner and its mode", cause: error });
  }
}

/** Creates a file (0600) and its folders (0700). */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, content, { mode: 0o600, flag: "wx" });
}
