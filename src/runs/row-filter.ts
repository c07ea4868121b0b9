// Finds the rows of a changelog that may be about some runs, by their bytes: of a million rows, only these are decoded
// and parsed.

/** A set of texts that looks bytes up by hash, ignoring case: it can match another text, but never misses one. */
class HashPrefilter {
  readonly #hashes: ReadonlySet<number>;

  constructor(texts: Iterable<string>) {
    this.#hashes = new Set([...texts].map((text) => hash(Buffer.from(text), 0, Buffer.byteLength(text))));
  }

  get isEmpty(): boolean {
    return this.#hashes.size === 0;
  }

  mayHave(bytes: Uint8Array, from: number, to: number): boolean {
    return this.#hashes.has(hash(bytes, from, to));
  }
}

function hash(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) value = (Math.imul(value, 31) + ((bytes[at] ?? 0) | 0x20)) | 0;
  return value;
}

const ROW_START = Buffer.from('{"schema_version":');
/** The start of a row, up to the run id, as `JSON.stringify` writes it, and Python's `json.dumps` in version 1. */
const VERSION_2 = Buffer.from('{"schema_version":2,"run_id":"');
const VERSION_1 = Buffer.from('{"schema_version": 1, "run_id": "');
const ID_LENGTH = 16;
const SESSION = Buffer.from('"session_id":"');
const DIRECTORY = Buffer.from('"session_dir": "');
const SOURCE = Buffer.from('"source_jsonl": "');
const LOG_NAME_END = ".jsonl".length;
const SESSION_LENGTH = 36;
const [QUOTE, BACKSLASH, SLASH] = [0x22, 0x5c, 0x2f];

export class RowFilter {
  readonly #runIds: HashPrefilter;
  readonly #sessions: HashPrefilter;
  readonly #directories: HashPrefilter;

  /** `directories`: names of session directories, for rows of version 1, which have no session id. */
  constructor(runIds: readonly string[], sessions: readonly string[], directories: readonly string[]) {
    this.#runIds = new HashPrefilter(runIds);
    this.#sessions = new HashPrefilter(sessions);
    this.#directories = new HashPrefilter(directories);
  }

  /** Whether a line can hold a wanted row; always true for a line that is not formatted as either version writes it. */
  mayMatch(line: Buffer): boolean {
    // Several rows on one line.
    if (line.indexOf(ROW_START, 1) !== -1) return true;
    if (startsWith(line, VERSION_2)) return this.#mayHaveRun(line, VERSION_2.length) || this.#mayHaveSession(line);
    if (startsWith(line, VERSION_1)) return this.#mayHaveRun(line, VERSION_1.length) || this.#mayHaveDirectory(line);
    return true;
  }

  #mayHaveRun(line: Buffer, from: number): boolean {
    return this.#runIds.mayHave(line, from, from + ID_LENGTH);
  }

  #mayHaveSession(line: Buffer): boolean {
    if (this.#sessions.isEmpty) return false;
    const from = startOfValue(line, SESSION);
    return from === null || this.#sessions.mayHave(line, from, line.indexOf(QUOTE, from));
  }

  /** A row of version 1 names its session only in the file name of the log. */
  #mayHaveDirectory(line: Buffer): boolean {
    if (this.#directories.isEmpty && this.#sessions.isEmpty) return false;
    const from = startOfValue(line, DIRECTORY);
    if (from === null) return true;
    const end = line.indexOf(QUOTE, from);
    let name = end;
    for (; name > from && line[name - 1] !== SLASH; name -= 1) if (line[name - 1] === BACKSLASH) return true;
    if (this.#directories.mayHave(line, name, end)) return true;
    const log = startOfValue(line, SOURCE);
    if (log === null) return false;
    const session = line.indexOf(QUOTE, log) - LOG_NAME_END - SESSION_LENGTH;
    return session < log || this.#sessions.mayHave(line, session, session + SESSION_LENGTH);
  }
}

/**
 * The position where the value of a key starts. Within a JSON string the quotes would be escaped, so a match is a key
 * of the row.
 */
function startOfValue(line: Buffer, key: Buffer): number | null {
  const found = line.indexOf(key);
  return found === -1 ? null : found + key.length;
}

function startsWith(line: Uint8Array, start: Uint8Array): boolean {
  for (let at = 0; at < start.length; at += 1) if (line[at] !== start[at]) return false;
  return true;
}
