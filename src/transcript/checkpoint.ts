// `transcript.json`, next to the pages: the point from which the transcript continues when its session does. It is used
// only if the log still starts with the same bytes and the same options would produce the same pages.
import { join } from "node:path";
import { z } from "zod";
import packageJson from "../../package.json" with { type: "json" };
import { readerOf } from "../agents/registry.ts";
import { hashPrefix } from "../system/chunks.ts";
import { sha256 } from "../system/crypto.ts";
import { removeFile } from "../system/directory.ts";
import { parseJson } from "../system/json.ts";
import { readSmallFile } from "../system/regular-file.ts";
import { replaceIfChanged } from "../system/write-atomic.ts";
import { DESIGN } from "./page-layout.ts";
import { type Checkpoint, type TranscriptOptions, transcriptState } from "./transcript.ts";

/** The version of the pages. Increment it when the same events give different pages. */
const FORMAT = 5;
const MAX_BYTES = 16 * 1024 * 1024;

const offset = z.int().nonnegative();

const storedCheckpoint = z.strictObject({
  /** A hash of everything but the log that the pages depend on. */
  madeWith: z.string(),
  /** Where the session's own records start. */
  from: offset,
  prefixHash: z.string(),
  /** Validated by the reader of the tool. */
  point: z.strictObject({ offset, state: z.unknown() }),
  state: transcriptState,
});

export interface StoredCheckpoint extends Checkpoint {
  from: number;
}

export function checkpointPath(folder: string): string {
  return join(folder, "transcript.json");
}

/** The checkpoint of a transcript; null if there is none or it is not valid for this log and these options. */
export async function readCheckpoint(
  folder: string,
  log: string,
  options: TranscriptOptions,
): Promise<StoredCheckpoint | null> {
  const text = readSmallFile(checkpointPath(folder), MAX_BYTES);
  const stored = text === null ? null : (storedCheckpoint.safeParse(parseJson(text)).data ?? null);
  if (stored === null || stored.madeWith !== hashInputs(options)) return null;
  const { parserState } = await readerOf(options.head.tool);
  const state = parserState.safeParse(stored.point.state).data;
  if (state === undefined || (await hashPrefix(log, stored.point.offset)) !== stored.prefixHash) return null;
  return { ...stored, point: { offset: stored.point.offset, state } };
}

/** Writes a checkpoint, unless it is too large to be read again. */
export async function writeCheckpoint(
  folder: string,
  log: string,
  options: TranscriptOptions,
  { point, state, from }: StoredCheckpoint,
): Promise<void> {
  const prefixHash = await hashPrefix(log, point.offset);
  const text = Buffer.from(`${JSON.stringify({ madeWith: hashInputs(options), from, prefixHash, point, state })}\n`);
  if (prefixHash !== null && text.length <= MAX_BYTES) await replaceIfChanged(checkpointPath(folder), text, 0o600);
}

/** Removes the checkpoint before pages are replaced by ones it does not describe. */
export function removeCheckpoint(folder: string): void {
  removeFile(checkpointPath(folder));
}

function hashInputs({ head: { sessionId, cwd }, label, links, redacts, bounds }: TranscriptOptions): string {
  const { version } = packageJson;
  return sha256(JSON.stringify({ FORMAT, version, DESIGN, sessionId, cwd, label, links: links?.url, redacts, bounds }));
}
