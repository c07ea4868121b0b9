// Which files processes hold open on macOS: its kernel tells nobody but native programs, and ps(1) and lsof(8) are there.
import { run } from "./spawn.ts";

/** Both are done within a tenth of a second; a network drive that is gone can hold up lsof for a quarter of a minute. */
const TIMEOUT_MS = 5_000;

/** What one process of a listing is. */
export interface ListedProcess {
  pid: number;
  parent: number;
  /** It made a session of its own. Whoever else has another session than its parent lost the parent as well. */
  leadsSession: boolean;
}

/**
 * The wanted files open for writing in a process, else in its children, and so on down, as `filesOpenForWriting` has it.
 * Every generation is asked at once. Null where one of the two programs is missing; too slow, they have seen nothing.
 */
export async function wantedByLsof(
  pid: number,
  isWanted: (path: string) => boolean,
  signal: AbortSignal,
): Promise<string[] | null> {
  // One keyword in each option: what follows the first `=` of an option is a title, commas and all.
  const listing = await ask(["ps", "-ax", "-o", "pid=", "-o", "ppid=", "-o", "stat="], signal);
  if (listing === null) return null;
  const children = Map.groupBy(parseProcesses(listing), ({ parent }) => parent);
  const found = new Set<string>();
  for (let generation = [pid]; generation.length > 0 && !signal.aborted; ) {
    const fields = await ask(["lsof", "-nPw", "-F", "pfan", "-p", generation.join(",")], signal);
    if (fields === null) return null;
    const written = parseWritten(fields);
    const wantedBy = (pid: number) => (written.get(pid) ?? []).filter(isWanted);
    for (const path of generation.flatMap(wantedBy)) found.add(path);
    const idle = generation.filter((pid) => wantedBy(pid).length === 0);
    const next = idle.flatMap((pid) => children.get(pid) ?? []).filter(({ leadsSession }) => !leadsSession);
    generation = next.map(({ pid }) => pid);
  }
  return [...found];
}

/** Reads `pid ppid stat` lines: behind the first letter of the state, an `s` is a leader. macOS tells no session id. */
export function parseProcesses(listing: string): ListedProcess[] {
  return [...listing.matchAll(/^\s*(\d+)\s+(\d+)\s+\S(\S*)/gm)].map(([, pid, parent, flags]) => {
    return { pid: Number(pid), parent: Number(parent), leadsSession: flags?.includes("s") ?? false };
  });
}

/** The files that each process writes, from lsof's fields: one a line, the first letter says which. */
export function parseWritten(fields: string): Map<number, string[]> {
  const written = new Map<number, string[]>();
  let paths: string[] = [];
  let isWritten = false;
  for (const line of fields.split("\n")) {
    const value = line.slice(1);
    if (line.startsWith("p")) {
      paths = [];
      written.set(Number(value), paths);
    }
    // A new descriptor, whose mode is to come.
    if (line.startsWith("f")) isWritten = false;
    if (line.startsWith("a")) isWritten = value === "w" || value === "u";
    if (line.startsWith("n") && isWritten) paths.push(unescaped(value));
  }
  return written;
}

const LETTERS: Record<string, string> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", "\\": "\\" };

/**
 * A name as it is. Bytes that the C locale does not print come as in C; some as `^A`, which cannot be told from a caret
 * and an A, and stays. The lsof of macOS does not double a backslash: before anything but an escape's letter it is one.
 */
function unescaped(name: string): string {
  const bytes = Buffer.from(name).toString("latin1");
  const plain = bytes.replace(/\\(?:x([\da-f]{2})|([bfnrt\\]))/g, (_, hex: string | undefined, letter: string) => {
    return hex === undefined ? (LETTERS[letter] ?? "") : String.fromCharCode(Number.parseInt(hex, 16));
  });
  return Buffer.from(plain, "latin1").toString();
}

/** What a program prints, also when one of the processes it was asked about is gone; null where there is none. */
async function ask(argv: readonly [string, ...string[]], signal: AbortSignal): Promise<string | null> {
  // Where lsof is on macOS, and not every PATH leads.
  const env = { PATH: `${process.env.PATH ?? ""}:/usr/sbin`, LC_ALL: "C" };
  const { stdout, notFound } = await run(argv, { env, timeoutMs: TIMEOUT_MS, signal });
  return notFound ? null : stdout;
}
