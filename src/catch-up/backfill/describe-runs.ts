// The runs a session directory tells of, whoever made it: by its books, else by the log it holds. Of a log only the
// edges are read.
import { basename } from "node:path";
import { TOOLS } from "../../agents/registry.ts";
import type { Tool } from "../../agents/tool.ts";
import type { DescribedRun, RunPosition } from "../../runs/described-run.ts";
import { readExportRecords, type StoredExportRecord } from "../../runs/export-records.ts";
import { sessionInName } from "../../runs/row-filter.ts";
import { logsIn } from "../../sessions/log-file.ts";
import type { LogRef } from "../../sessions/read.ts";
import { lastTimestamp } from "../../sessions/read.ts";
import { lastActivity } from "../../sessions/resumable.ts";
import { isCompressed } from "../../system/chunks.ts";
import { labelOfFolder } from "./folder-label.ts";
import { readStoredMatch } from "./legacy-source-match.ts";

export interface SessionFolder {
  /** Absolute. */
  directory: string;
  /** Whose folder it lies in; null where that does not tell. */
  tool: Tool | null;
  /** The names of all directories beside it. */
  siblings: ReadonlySet<string>;
}

export interface DescribedFolder {
  runs: DescribedRun[];
  /** Why nothing, or not everything, can be told; null when all is well. */
  problem: string | null;
}

export async function describeRuns(folder: SessionFolder): Promise<DescribedFolder> {
  const { runs: rows, problems } = readExportRecords(folder.directory);
  const label = labelOfFolder(basename(folder.directory), folder.siblings);
  const runs = latestOfEach(rows).flatMap((row) => fromRecord(row, folder, label));
  if (runs.length === 0) return await fromLogs(folder, label);
  const lines = problems.map(({ line }) => line);
  return { runs, problem: lines.length === 0 ? null : `damaged lines of \`export_runs.jsonl\`: ${lines.join(", ")}` };
}

/** A run is told of again when its entry came later. */
function latestOfEach(rows: readonly StoredExportRecord[]): StoredExportRecord[] {
  const key = (row: StoredExportRecord, index: number) => (row.from === null ? `row ${index}` : row.run_id);
  return [...new Map(rows.map((row, index) => [key(row, index), row])).values()];
}

function fromRecord(
  row: StoredExportRecord,
  { directory, tool: placed }: SessionFolder,
  folderLabel: string,
): DescribedRun[] {
  const tool = TOOLS.find((name) => name === row.tool) ?? placed;
  const position = positionOf(row);
  if (tool === null || (position === null && row.session_id === null && row.end === null)) return [];
  return [
    {
      directory,
      log: null,
      tool,
      sessionId: row.session_id ?? readStoredMatch(directory).sessionId,
      label: row.label?.trim() || folderLabel,
      start: row.start,
      end: row.end,
      position,
      existingRunId: position === null ? row.run_id : null,
      hasWindow: true,
      isEmpty: position !== null && row.changelog?.status === "nothing",
    },
  ];
}

function positionOf(row: StoredExportRecord): RunPosition | null {
  const { run_id: runId, session_id: sessionId, from, to } = row;
  if (runId === null || sessionId === null || from === null || to === null) return null;
  return {
    ...{ runId, from, to },
    prefixHash: row.prefix_hash,
    endHash: row.end_hash,
    continuationOf: row.continuation_of_run_id,
    firstAt: row.first_at,
    lastAt: row.last_at,
  };
}

/** A directory without books: one run of all its log holds. */
async function fromLogs(folder: SessionFolder, label: string): Promise<DescribedFolder> {
  const { directory, tool: placed } = folder;
  const match = readStoredMatch(directory);
  const logs = await logsIn(directory);
  const named = logs.filter(({ path }) => basename(path) === match.logName);
  const own = named.length > 0 ? named : logs;
  const runOf = async ({ tool, path }: LogRef): Promise<DescribedRun> => ({
    directory,
    log: null,
    tool,
    sessionId: sessionInName(path) ?? (named.length > 0 ? match.sessionId : null),
    label,
    start: null,
    // When a copy was packed tells nothing of its session.
    end: await (isCompressed(path) ? lastTimestamp(tool, path) : lastActivity(tool, path)),
    position: null,
    existingRunId: null,
    hasWindow: false,
    isEmpty: false,
  });
  if (own.length > 0) return { runs: await Promise.all(own.map(runOf)), problem: null };
  if (placed === null || match.sessionId === null) return { runs: [], problem: "it holds no log, and names none" };
  return { runs: [withoutLog(directory, placed, match.sessionId, label)], problem: null };
}

/** Its log may still be where the tool keeps it. */
function withoutLog(directory: string, tool: Tool, sessionId: string, label: string): DescribedRun {
  const place = { directory, log: null, tool, sessionId, label };
  const unknown = { start: null, end: null, position: null, existingRunId: null };
  return { ...place, ...unknown, hasWindow: false, isEmpty: false };
}
