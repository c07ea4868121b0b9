// Lists open files on macOS with ps(1) and lsof(8), which are always installed; the kernel has no `/proc` to read.
import { run } from "./spawn.ts";

/** Both take under 0.1 s, but a lost network drive can block lsof for 15 s. */
const TIMEOUT_MS = 5_000;

export interface ListedProcess {
  pid: number;
  parent: number;
  /**
   * Whether the process started a session of its own. Any other process in a different session from its parent is an
   * orphan.
   */
  leadsSession: boolean;
}

/**
 * `filesOpenForWriting` on macOS: one lsof call for each generation of processes. Null when ps or lsof is missing; a
 * call that times out finds nothing.
 */
export async function openForWritingByLsof(
  pid: number,
  isWanted: (path: string) => boolean,
  signal: AbortSignal,
): Promise<string[] | null> {
  // Each keyword needs its own `-o`: ps takes everything after the first `=` of an option as a column title.
  const listing = await output(["ps", "-ax", "-o", "pid=", "-o", "ppid=", "-o", "stat="], signal);
  if (listing === null) return null;
  const children = Map.groupBy(parseProcesses(listing), ({ parent }) => parent);
  const found = new Set<string>();
  for (let generation = [pid]; generation.length > 0 && !signal.aborted; ) {
    const fields = await output(["lsof", "-nPw", "-F", "pfan", "-p", generation.join(",")], signal);
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

/** Reads `pid ppid stat` lines. An `s` after the first letter of `stat` marks a session leader; macOS has no session ids. */
export function parseProcesses(listing: string): ListedProcess[] {
  return [...listing.matchAll(/^\s*(\d+)\s+(\d+)\s+\S(\S*)/gm)].map(([, pid, parent, flags]) => {
    return { pid: Number(pid), parent: Number(parent), leadsSession: flags?.includes("s") ?? false };
  });
}

/**
 * The files that each process writes, from the output of lsof: one field per line, whose first letter names the field.
 */
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
    // A new descriptor; its mode follows.
    if (line.startsWith("f")) isWritten = false;
    if (line.startsWith("a")) isWritten = value === "w" || value === "u";
    if (line.startsWith("n") && isWritten) paths.push(unescaped(value));
  }
  return written;
}

const LETTERS: Record<string, string> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", "\\": "\\" };

/**
 * Undoes lsof's escapes: C escapes for bytes that the C locale does not print. Control characters printed as `^A` are
 * left, because a real caret looks the same. macOS does not double a backslash, so one without an escape letter is kept.
 */
function unescaped(name: string): string {
  const bytes = Buffer.from(name).toString("latin1");
  const plain = bytes.replace(/\\(?:x([\da-f]{2})|([bfnrt\\]))/g, (_, hex: string | undefined, letter: string) => {
    return hex === undefined ? (LETTERS[letter] ?? "") : String.fromCharCode(Number.parseInt(hex, 16));
  });
  return Buffer.from(plain, "latin1").toString();
}

/**
 * The output of a program, even if the program fails because one of the processes has ended; null if it is not
 * installed.
 */
async function output(argv: readonly [string, ...string[]], signal: AbortSignal): Promise<string | null> {
  // lsof is in /usr/sbin on macOS, which not every PATH includes.
  const env = { PATH: `${process.env.PATH ?? ""}:/usr/sbin`, LC_ALL: "C" };
  const { stdout, notFound } = await run(argv, { env, timeoutMs: TIMEOUT_MS, signal });
  return notFound ? null : stdout;
}
