// The native log's copy in the session directory. It loses nothing that was ever in it, whatever the tool does.
import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { isCompressed } from "../system/chunks.ts";
import { appendGrowth, compareCopy, copySnapshot } from "../system/copy.ts";

/**
 * Copies a log, or what it gained since. A copy of what the tool has rewritten or cut short since is kept under a
 * number; of a log and its packed form (Codex packs idle logs and unpacks them to resume) one copy is kept.
 */
export async function copyLog(log: string, directory: string): Promise<string> {
  const copy = join(directory, basename(log));
  const plain = copy.replace(/\.zst$/, "");
  const standing = await compareCopy(log, plain);
  if (standing === "other") await rename(plain, freeName(plain));
  if (standing === "beginning" && copy === plain) await appendGrowth(log, copy);
  else await copySnapshot(log, copy, { mode: 0o600 });
  await rm(isCompressed(log) ? plain : `${plain}.zst`, { force: true });
  return copy;
}

function freeName(path: string): string {
  let number = 1;
  while (existsSync(`${path}.${number}`)) number += 1;
  return `${path}.${number}`;
}
