// A running Claude Code keeps `sessions/<pid>.json`, which names its current session. The session changes after `/clear`
// and when the person resumes another one. Older versions have no such file.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readableNames } from "../../system/directory.ts";
import { parseJson } from "../../system/json.ts";
import { lineage, processStatus } from "../../system/proc.ts";
import { readSmallFile } from "../../system/regular-file.ts";
import { asFields, numberField, textField } from "../fields.ts";
import { isSessionId } from "../session-id.ts";

/** Records are smaller than 1 KiB. */
const MAX_BYTES = 64 * 1024;

interface ProcessRecord {
  sessionId: string;
  /** Milliseconds since the epoch. */
  startedAt: number | null;
  /** The start time of the process; on Linux as in proc(5). */
  procStart: string | null;
}

/** Reads the record of a process; null when there is none, or the file is not such a record. */
function readProcessRecord(folder: string, pid: number): ProcessRecord | null {
  const fields = asFields(parseJson(readSmallFile(join(folder, `${pid}.json`), MAX_BYTES) ?? ""));
  const sessionId = fields && textField(fields, "sessionId");
  if (fields === null || sessionId === null || !isSessionId(sessionId) || numberField(fields, "pid") !== pid) {
    return null;
  }
  return { sessionId, startedAt: numberField(fields, "startedAt"), procStart: textField(fields, "procStart") };
}

/**
 * Returns a function that looks up the current sessions of a process, or of the Claude Code that this process started
 * through start scripts. A Claude Code started by another Claude Code is ignored.
 */
export function sessionsOfProcess(pid: number, claudeHome: string, launchedAt: number): () => string[] {
  const folder = join(claudeHome, "sessions");
  const known = new Set<number>();
  return () => {
    const lines = processesIn(folder).flatMap((process) => {
      const line = lineage(process, pid);
      const record = line === null ? null : readProcessRecord(folder, process);
      return line === null || record === null || !isOf(record, process, launchedAt) ? [] : [{ process, line, record }];
    });
    // When the outer Claude Code exits, its record may be removed before the nested one ends, so outer processes are
    // remembered.
    for (const { process } of lines) known.add(process);
    const outermost = lines.filter(({ line }) => !line.slice(1).some((above) => known.has(above)));
    return outermost.map(({ record }) => record.sessionId);
  };
}

/** The current sessions of running processes; null when Claude Code keeps no records or processes cannot be listed. */
export function activeSessions(claudeHome: string): Set<string> | null {
  const folder = join(claudeHome, "sessions");
  if (!existsSync(folder) || processStatus(process.pid) === null) return null;
  const records = processesIn(folder).flatMap((pid) => {
    const record = processStatus(pid) === null ? null : readProcessRecord(folder, pid);
    return record !== null && isOf(record, pid, 0) ? [record.sessionId.toLowerCase()] : [];
  });
  return new Set(records);
}

/** Whether a record is of this process: a crash leaves records behind, and process ids are reused. */
function isOf({ procStart, startedAt }: ProcessRecord, pid: number, launchedAt: number): boolean {
  const status = processStatus(pid);
  if (status !== null && procStart !== null) return status.start === procStart;
  return startedAt !== null && startedAt >= launchedAt;
}

function processesIn(folder: string): number[] {
  const names = readableNames(folder) ?? [];
  return names.flatMap((name) => (/^[1-9]\d{0,9}\.json$/.test(name) ? [Number.parseInt(name, 10)] : []));
}
