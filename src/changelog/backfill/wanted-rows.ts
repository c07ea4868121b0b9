// Which rows of a changelog may be about some runs, told by their bytes: of a million rows only those are parsed.

/** What tells that a row may matter. */
export interface Wanted {
  runIds: ReadonlySet<string>;
  /** Sessions of which a run is only known by its times. */
  sessions: ReadonlySet<string>;
  /** Names of session directories, for rows of version 1, which may tell of no session. */
  directories: ReadonlySet<string>;
}

const ROW_START = Buffer.from('{"schema_version":');
/** How rows begin that `JSON.stringify` and the ancestor's `json.dumps` wrote: the id of the run follows. */
const OURS = '{"schema_version":2,"run_id":"';
const THEIRS = '{"schema_version": 1, "run_id": "';
const ID_LENGTH = 16;
const LONGEST_START = THEIRS.length + ID_LENGTH;
const SESSION = Buffer.from('"session_id":"');
const DIRECTORY = Buffer.from('"session_dir": "');
const SOURCE = Buffer.from('"source_jsonl": "');
const QUOTE = 0x22;

/** Whether a line may hold a row that matters. One that is not as both writers write it always may. */
export function mayMatter(line: Buffer, wanted: Wanted): boolean {
  // Several rows on one line.
  if (line.indexOf(ROW_START, 1) !== -1) return true;
  const start = line.toString("latin1", 0, LONGEST_START);
  if (start.startsWith(OURS)) {
    return wanted.runIds.has(start.slice(OURS.length, OURS.length + ID_LENGTH)) || mayBeSession(line, wanted);
  }
  if (start.startsWith(THEIRS)) {
    return wanted.runIds.has(start.slice(THEIRS.length)) || mayDescribe(line, wanted);
  }
  return true;
}

function mayBeSession(line: Buffer, { sessions }: Wanted): boolean {
  if (sessions.size === 0) return false;
  const id = textAfter(line, SESSION);
  return id === null || sessions.has(id);
}

/** A row of version 1 names its directory, and its session in the name of the log. */
function mayDescribe(line: Buffer, { directories, sessions }: Wanted): boolean {
  if (directories.size === 0 && sessions.size === 0) return false;
  const directory = textAfter(line, DIRECTORY);
  if (directory === null || directories.has(lastName(directory))) return true;
  const id = sessionInName(textAfter(line, SOURCE) ?? "");
  return id !== null && sessions.has(id);
}

/** The text that follows a key. Within a text its quotes would be escaped, so this is a key of the row. */
function textAfter(line: Buffer, key: Buffer): string | null {
  const found = line.indexOf(key);
  if (found === -1) return null;
  const from = found + key.length;
  return line.toString("utf8", from, Math.max(from, line.indexOf(QUOTE, from)));
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
