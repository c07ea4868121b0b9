// The native log's copy in the session directory. It loses nothing that was ever in it, whatever the tool does.
import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { readerOf } from "../agents/registry.ts";
import type { SessionHead } from "../agents/session-head.ts";
import { isCompressed } from "../system/chunks.ts";
import { appendGrowth, compareCopy, copySnapshot } from "../system/copy.ts";
import { makeDirectory, removeFile } from "../system/directory.ts";
import { refuseOutside } from "../system/paths.ts";
import { sweepTemporaries } from "../system/write-atomic.ts";

/**
 * Copies a log, or what it gained since, and all it is not whole without: the session is told again from the directory
 * alone. A copy of what the tool has rewritten or cut short since is kept under a number; of a log and its packed form
 * (Codex packs idle logs and unpacks them to resume) one copy is kept.
 */
export async function copyLog(log: string, head: SessionHead, directory: string): Promise<string> {
  const copy = await copyFile(log, join(directory, basename(log)));
  for (const { path, place } of await (await readerOf(head.tool)).sidecarFiles(log, head)) {
    const target = join(directory, place);
    refuseOutside(directory, dirname(target), "a folder of the session directory");
    makeDirectory(dirname(target), 0o700);
    sweepTemporaries(dirname(target));
    // What is noted of a subagent is written anew when it ends, and then says all it said before.
    if (path.endsWith(".json")) await copySnapshot(path, target, { mode: 0o600 });
    else await copyFile(path, target);
  }
  return copy;
}

async function copyFile(file: string, copy: string): Promise<string> {
  const plain = copy.replace(/\.zst$/, "");
  const standing = await compareCopy(file, plain);
  if (standing === "other") await rename(plain, freeName(plain));
  if (standing === "prefix" && copy === plain) await appendGrowth(file, copy);
  else await copySnapshot(file, copy, { mode: 0o600 });
  removeFile(isCompressed(file) ? plain : `${plain}.zst`);
  return copy;
}

function freeName(path: string): string {
  let number = 1;
  while (existsSync(`${path}.${number}`)) number += 1;
  return `${path}.${number}`;
}
