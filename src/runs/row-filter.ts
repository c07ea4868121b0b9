// Which rows of a changelog may be about some runs, told by their bytes: of a million rows only those are parsed, and
// the others are not even decoded.
import { ByteSet } from "./hash-prefilter.ts";

/** What tells that a row may matter. */
export class Wanted {
  readonly runIds: ByteSet;
  readonly sessions: ByteSet;
  readonly directories: ByteSet;

  /**
   * `sessions`: those of which a run is only known by its times. `directories`: names of session directories, for rows
   * of version 1, which may tell of no session.
   */
  constructor(runIds: Iterable<string>, sessions: Iterable<string>, directories: Iterable<string>) {
    this.runIds = new ByteSet(runIds);
    this.sessions = new ByteSet(sessions);
    this.directories = new ByteSet(directories);
  }
}

const ROW_START = Buffer.from('{"schema_version":');
/** How rows begin that `JSON.stringify` and the ancestor's `json.dumps` wrote: the id of the run follows. */
const OURS = Buffer.from('{"schema_version":2,"run_id":"');
const THEIRS = Buffer.from('{"schema_version": 1, "run_id": "');
const ID_LENGTH = 16;
const SESSION = Buffer.from('"session_id":"');
const DIRECTORY = Buffer.from('"session_dir": "');
const SOURCE = Buffer.from('"source_jsonl": "');
const LOG_NAME_END = ".jsonl".length;
const SESSION_LENGTH = 36;
const [QUOTE, BACKSLASH, SLASH] = [0x22, 0x5c, 0x2f];

/** Whether a line may hold a row that matters. One that is not as both writers write it always may. */
export function mayMatter(line: Buffer, wanted: Wanted): boolean {
  // Several rows on one line.
  if (line.indexOf(ROW_START, 1) !== -1) return true;
  if (beginsWith(line, OURS)) return isWantedRun(line, OURS.length, wanted) || mayBeSession(line, wanted);
  if (beginsWith(line, THEIRS)) return isWantedRun(line, THEIRS.length, wanted) || mayDescribe(line, wanted);
  return true;
}

function isWantedRun(line: Buffer, from: number, { runIds }: Wanted): boolean {
  return runIds.mayHold(line, from, from + ID_LENGTH);
}

function mayBeSession(line: Buffer, { sessions }: Wanted): boolean {
  if (sessions.isEmpty) return false;
  const from = valueAt(line, SESSION);
  return from === null || sessions.mayHold(line, from, line.indexOf(QUOTE, from));
}

/** A row of version 1 names its directory, and its session in the name of the log. */
function mayDescribe(line: Buffer, { directories, sessions }: Wanted): boolean {
  if (directories.isEmpty && sessions.isEmpty) return false;
  const from = valueAt(line, DIRECTORY);
  if (from === null) return true;
  const end = line.indexOf(QUOTE, from);
  let name = end;
  for (; name > from && line[name - 1] !== SLASH; name -= 1) if (line[name - 1] === BACKSLASH) return true;
  if (directories.mayHold(line, name, end)) return true;
  const log = valueAt(line, SOURCE);
  if (log === null) return false;
  const session = line.indexOf(QUOTE, log) - LOG_NAME_END - SESSION_LENGTH;
  return session < log || sessions.mayHold(line, session, session + SESSION_LENGTH);
}

/** Where the text of a key begins. Within a text its quotes would be escaped, so it is a key of the row. */
function valueAt(line: Buffer, key: Buffer): number | null {
  const found = line.indexOf(key);
  return found === -1 ? null : found + key.length;
}

function beginsWith(line: Uint8Array, start: Uint8Array): boolean {
  for (let at = 0; at < start.length; at += 1) if (line[at] !== start[at]) return false;
  return true;
}

/** The last name of a path of any system, as it is written in JSON or not. */
export function lastName(path: string): string {
  return path.split(/[/\\]+/).findLast((name) => name !== "") ?? "";
}

/** The session that the name of a native log tells; null where it tells none. */
export function sessionInName(path: string): string | null {
  const id = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=[^/\\]*\.jsonl(?:\.zst)?$)/i.exec(path)?.[0];
  return id?.toLowerCase() ?? null;
}
