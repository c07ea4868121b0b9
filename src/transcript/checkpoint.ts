// How far a transcript need not be made again when its session goes on: `transcript.json`, beside the pages. It is only
// believed where the log still begins with the bytes it was made from, and where the same pages would be made of them.
import { join } from "node:path";
import { z } from "zod";
import packageJson from "../../package.json" with { type: "json" };
import { parserState } from "../agents/parser-state.ts";
import { hashPrefix } from "../system/chunks.ts";
import { sha256 } from "../system/crypto.ts";
import { removeFile } from "../system/directory.ts";
import { parseJson } from "../system/json.ts";
import { readSmallFile } from "../system/regular-file.ts";
import { replaceIfChanged } from "../system/write-atomic.ts";
import { DESIGN } from "./page-layout.ts";
import { type Checkpoint, type TranscriptOptions, transcriptState } from "./transcript.ts";

/** Of the pages: another number when the same events give other ones. */
const FORMAT = 4;
const MAX_BYTES = 16 * 1024 * 1024;

const offset = z.int().nonnegative();

const keptCheckpoint = z.strictObject({
  /** What the pages depend on besides the log. */
  madeWith: z.string(),
  /** Where the session's own work begins. */
  from: offset,
  prefixHash: z.string(),
  point: z.strictObject({ offset, state: parserState }),
  state: transcriptState,
});

export interface KeptCheckpoint extends Checkpoint {
  from: number;
}

/** The name of the file, in the transcript's folder. */
export function checkpointPath(folder: string): string {
  return join(folder, "transcript.json");
}

/** The checkpoint of a transcript; null where there is none that holds. */
export async function readCheckpoint(
  folder: string,
  log: string,
  options: TranscriptOptions,
): Promise<KeptCheckpoint | null> {
  const text = readSmallFile(checkpointPath(folder), MAX_BYTES);
  const kept = text === null ? null : (keptCheckpoint.safeParse(parseJson(text)).data ?? null);
  if (kept === null || kept.madeWith !== describe(options)) return null;
  return (await hashPrefix(log, kept.point.offset)) === kept.prefixHash ? kept : null;
}

/** Keeps a checkpoint; one that would not be read again is none. */
export async function writeCheckpoint(
  folder: string,
  log: string,
  options: TranscriptOptions,
  { point, state, from }: KeptCheckpoint,
): Promise<void> {
  const prefixHash = await hashPrefix(log, point.offset);
  const text = Buffer.from(`${JSON.stringify({ madeWith: describe(options), from, prefixHash, point, state })}\n`);
  if (prefixHash !== null && text.length <= MAX_BYTES) await replaceIfChanged(checkpointPath(folder), text, 0o600);
}

/** Before pages are made that an old checkpoint knows nothing of. */
export function dropCheckpoint(folder: string): void {
  removeFile(checkpointPath(folder));
}

function describe({ head, label, links, redacts, bounds }: TranscriptOptions): string {
  const { sessionId, cwd } = head;
  const made = {
    FORMAT,
    version: packageJson.version,
    DESIGN,
    sessionId,
    cwd,
    label,
    links: links?.url,
    redacts,
    bounds,
  };
  return sha256(JSON.stringify(made));
}
