import { realpath } from "node:fs/promises";
import { hasCode } from "../../system/errors.ts";
import { gitText } from "../../system/git.ts";

/** Whether a folder is the top level of a git work tree. */
export async function isTopLevel(folder: string): Promise<boolean> {
  const top = await gitText(folder, ["rev-parse", "--show-toplevel"]);
  if (top === null || top === "") return false;
  try {
    return (await realpath(top)) === (await realpath(folder));
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR", "EACCES")) return false;
    throw error;
  }
}
