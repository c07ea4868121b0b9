// Writes logs into a temporary Codex home.
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { encode, type Fields } from "../agents/codex/rollout.ts";

export interface Home {
  home: string;
  codex: string;
  /** Writes a rollout of a session; `name` overrides its path below the Codex home. */
  write(id: string, records: (Fields | string)[], name?: string): Promise<string>;
  remove(): Promise<void>;
}

export async function makeHome(): Promise<Home> {
  const home = await realpath(await mkdtemp(join(tmpdir(), "sessions-")));
  const codex = join(home, ".codex");
  return {
    home,
    codex,
    async write(id, records, name = `sessions/2026/11/22/rollout-2026-11-22T06-00-00-${id}.jsonl`) {
      const path = join(codex, name);
      const text = encode(...records);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, path.endsWith(".zst") ? zstdCompressSync(text) : text);
      return path;
    },
    remove: () => rm(home, { recursive: true, force: true }),
  };
}

/** A version 7 UUID created at a time, like the ids of Codex sessions and turns. */
export function uuid(ms: number, tail = 1): string {
  const hex = ms.toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${tail.toString(16).padStart(12, "0")}`;
}
