// The runs that a session directory describes: in its export records or, if there are none, in its logs. Of the logs
// only the first and last records are read.
import { basename, join } from "node:path";
import { z } from "zod";
import { TOOLS } from "../../agents/registry.ts";
import type { Tool } from "../../agents/tool.ts";
import { readExportRecords, type StoredExportRecord } from "../../runs/export-records.ts";
import { labelOfDirectory } from "../../runs/label.ts";
import { sessionInName } from "../../runs/recorded-entries.ts";
import type { RunDescription, RunPosition } from "../../runs/run-description.ts";
import { logsIn } from "../../sessions/log-file.ts";
import { type LogRef, lastTimestamp } from "../../sessions/read.ts";
import { lastActivity } from "../../sessions/resumable.ts";
import { isCompressed } from "../../system/chunks.ts";
import { parseJsonObject } from "../../system/json.ts";
import { readSmallFile } from "../../system/regular-file.ts";

export interface SessionDirectory {
  /** Absolute. */
  directory: string;
  /** The tool in whose folder the directory is; null if that is unknown. */
  tool: Tool | null;
  /** The names of all directories in the same folder. */
  siblings: ReadonlySet<string>;
}

export interface DescribedDirectory {
  runs: RunDescription[];
  /** Why runs are missing; null if none are. */
  problem: string | null;
}

export async function describeRuns(folder: SessionDirectory): Promise<DescribedDirectory> {
  const { directory, siblings } = folder;
  const { records, problems } = readExportRecords(directory);
  const label = labelOfDirectory(directory, siblings);
  const runs = latestOfEach(records).flatMap((record) => fromRecord(record, folder, label));
  if (runs.length === 0) return await fromLogs(folder, label);
  const lines = problems.map(({ line }) => line);
  return { runs, problem: lines.length === 0 ? null : `damaged lines in \`export_runs.jsonl\`: ${lines.join(", ")}` };
}

/** The last export record of each run. A run has several if its entry was written after the export. */
function latestOfEach(records: readonly StoredExportRecord[]): StoredExportRecord[] {
  const keyOf = (record: StoredExportRecord, index: number) =>
    record.from === null ? `record ${index}` : record.run_id;
  return [...new Map(records.map((record, index) => [keyOf(record, index), record])).values()];
}

function fromRecord(record: StoredExportRecord, folder: SessionDirectory, folderLabel: string): RunDescription[] {
  const { directory } = folder;
  const tool = TOOLS.find((name) => name === record.tool) ?? folder.tool;
  const position = positionOf(record);
  if (tool === null || (position === null && record.session_id === null && record.end === null)) return [];
  return [
    {
      directory,
      log: null,
      tool,
      sessionId: record.session_id ?? readStoredMatch(directory).sessionId,
      label: record.label?.trim() || folderLabel,
      start: record.start,
      end: record.end,
      position,
      existingRunId: position === null ? record.run_id : null,
      hasWindow: true,
      isEmpty: position !== null && record.changelog?.status === "nothing",
    },
  ];
}

function positionOf(record: StoredExportRecord): RunPosition | null {
  const { run_id: runId, session_id: sessionId, from, to } = record;
  if (runId === null || sessionId === null || from === null || to === null) return null;
  return {
    runId,
    from,
    to,
    prefixHash: record.prefix_hash,
    endHash: record.end_hash,
    continuationOf: record.continuation_of_run_id,
    firstAt: record.first_at,
    lastAt: record.last_at,
  };
}

/** Without export records, each log is one run. */
async function fromLogs({ directory, tool }: SessionDirectory, label: string): Promise<DescribedDirectory> {
  const match = readStoredMatch(directory);
  const logs = await logsIn(directory);
  const matched = logs.filter(({ path }) => basename(path) === match.logName);
  const used = matched.length > 0 ? matched : logs;
  const runOf = async (log: LogRef): Promise<RunDescription> => {
    // The modification time of a compressed copy says nothing about its session.
    const end = await (isCompressed(log.path) ? lastTimestamp : lastActivity)(log.tool, log.path);
    const sessionId = sessionInName(log.path) ?? (matched.length > 0 ? match.sessionId : null);
    return describeWhole(directory, log.tool, sessionId, label, end);
  };
  if (used.length > 0) return { runs: await Promise.all(used.map(runOf)), problem: null };
  // The native log may still be where the tool keeps it.
  if (tool !== null && match.sessionId !== null) {
    return { runs: [describeWhole(directory, tool, match.sessionId, label, null)], problem: null };
  }
  return { runs: [], problem: "it contains no log, and nothing in it names its session" };
}

/** A run that covers its whole log. */
function describeWhole(
  directory: string,
  tool: Tool,
  sessionId: string | null,
  label: string,
  end: string | null,
): RunDescription {
  const unknown = { log: null, start: null, position: null, existingRunId: null };
  return { directory, tool, sessionId, label, end, ...unknown, hasWindow: false, isEmpty: false };
}

/** The file lists at most a few dozen runners-up. */
const MAX_MATCH_BYTES = 1024 * 1024;

const text = z.string().nullable().catch(null);
const currentSchema = z.object({ path: text, sessionId: text });
const version1Schema = z.object({ best: z.object({ path: text, session_id: text }) });

interface StoredMatch {
  /** The name of the chosen log. */
  logName: string | null;
  sessionId: string | null;
}

/**
 * Reads `source_match.json`; null values if it is missing or damaged. In version 1 the path may be from another
 * machine: only the file name counts.
 */
function readStoredMatch(directory: string): StoredMatch {
  const stored = parseJsonObject(readSmallFile(join(directory, "source_match.json"), MAX_MATCH_BYTES) ?? "");
  const version1 = version1Schema.safeParse(stored);
  if (version1.success) return storedMatch(version1.data.best.path, version1.data.best.session_id);
  const current = currentSchema.safeParse(stored);
  return current.success ? storedMatch(current.data.path, current.data.sessionId) : storedMatch(null, null);
}

function storedMatch(path: string | null, sessionId: string | null): StoredMatch {
  const logName = path?.split(/[/\\]/).at(-1) ?? null;
  return { logName, sessionId: sessionId ?? sessionInName(logName ?? "") };
}
