// The copy of the native log in the session directory. It never loses a record, even if the tool rewrites its log.
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
 * Copies a log, or what was appended since the last copy, and its sidecar files: the session can be rendered from the
 * directory alone. If the tool rewrote its log or cut it short, the earlier copy is kept under a name with a number. If
 * there is also a compressed form of the log, only one copy is kept: Codex compresses idle logs, and decompresses them
 * to resume.
 */
export async function copyLog(log: string, head: SessionHead, directory: string): Promise<string> {
  const copy = await copyFile(log, join(directory, basename(log)));
  for (const { path, place } of await (await readerOf(head.tool)).sidecarFiles(log, head)) {
    const target = join(directory, place);
    refuseOutside(directory, dirname(target), "a folder of the session directory");
    makeDirectory(dirname(target), 0o700);
    sweepTemporaries(dirname(target));
    // The metadata of a subagent is rewritten when the subagent ends; the new version contains everything in the old
    // one.
    if (path.endsWith(".json")) await copySnapshot(path, target, { mode: 0o600 });
    else await copyFile(path, target);
  }
  return copy;
}

async function copyFile(file: string, copy: string): Promise<string> {
  const plain = copy.replace(/\.zst$/, "");
  const state = await compareCopy(file, plain);
  if (state === "other") await rename(plain, freeName(plain));
  if (state === "prefix" && copy === plain) await appendGrowth(file, copy);
  else await copySnapshot(file, copy, { mode: 0o600 });
  removeFile(isCompressed(file) ? plain : `${plain}.zst`);
  return copy;
}

function freeName(path: string): string {
  let number = 1;
  while (existsSync(`${path}.${number}`)) number += 1;
  return `${path}.${number}`;
}
