// While Claude Code runs it keeps `sessions/<pid>.json`, which names the session it works in: another one after
// `/clear`, or when a session is resumed in its screen. Older versions keep no such file.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readableNames } from "../../system/directory.ts";
import { parseJson } from "../../system/json.ts";
import { lineage, statusOf } from "../../system/proc.ts";
import { readSmallFile } from "../../system/regular-file.ts";
import { asFields, numberField, textField } from "../fields.ts";
import { isSessionId } from "../session-id.ts";

/** A record has less than 1 KiB. */
const MAX_BYTES = 64 * 1024;

interface ProcessRecord {
  sessionId: string;
  /** Milliseconds since the epoch. */
  startedAt: number | null;
  /** On Linux as proc(5) has it. */
  procStart: string | null;
}

/** Reads the record of a process; null when there is none, or what is there is something else. */
function readProcessRecord(folder: string, pid: number): ProcessRecord | null {
  const fields = asFields(parseJson(readSmallFile(join(folder, `${pid}.json`), MAX_BYTES) ?? ""));
  const sessionId = fields && textField(fields, "sessionId");
  if (fields === null || sessionId === null || !isSessionId(sessionId) || numberField(fields, "pid") !== pid) {
    return null;
  }
  return { sessionId, startedAt: numberField(fields, "startedAt"), procStart: textField(fields, "procStart") };
}

/**
 * Looks which sessions a process works in, or the Claude Code it started: a launcher may stand between. What Claude
 * Code itself starts is its own affair, even when that is Claude Code.
 */
export function sessionsOf(pid: number, claudeHome: string, launchedAt: number): () => string[] {
  const folder = join(claudeHome, "sessions");
  const known = new Set<number>();
  return () => {
    const lines = processesIn(folder).flatMap((process) => {
      const line = lineage(process, pid);
      const record = line === null ? null : readProcessRecord(folder, process);
      return line === null || record === null || !isOf(record, process, launchedAt) ? [] : [{ process, line, record }];
    });
    // A nested one outlives the record of the one around it, by as long as that one takes to end.
    for (const { process } of lines) known.add(process);
    const outermost = lines.filter(({ line }) => !line.slice(1).some((above) => known.has(above)));
    return outermost.map(({ record }) => record.sessionId);
  };
}

/** The sessions that living processes say they work in; null where they leave no records, or the system tells of none. */
export function sessionsAtWork(claudeHome: string): Set<string> | null {
  const folder = join(claudeHome, "sessions");
  if (!existsSync(folder) || statusOf(process.pid) === null) return null;
  const records = processesIn(folder).flatMap((pid) => {
    const record = statusOf(pid) === null ? null : readProcessRecord(folder, pid);
    return record !== null && isOf(record, pid, 0) ? [record.sessionId.toLowerCase()] : [];
  });
  return new Set(records);
}

/** A record that a crash left behind names a process whose number may be used again. */
function isOf({ procStart, startedAt }: ProcessRecord, pid: number, launchedAt: number): boolean {
  const status = statusOf(pid);
  if (status !== null && procStart !== null) return status.start === procStart;
  return startedAt !== null && startedAt >= launchedAt;
}

/** Records come and go while we look. */
function processesIn(folder: string): number[] {
  const names = readableNames(folder) ?? [];
  return names.flatMap((name) => (/^[1-9]\d{0,9}\.json$/.test(name) ? [Number.parseInt(name, 10)] : []));
}
