// Reads commits from git's output: what it prints when it commits, and what it lists when it is asked for commits.
import { plainLine, plainText } from "../plain-text.ts";

/** A commit as git announced it when it was made. */
export interface PrintedCommit {
  hash: string;
  subject: string;
  /** The files that git lists below the commit's line: `create mode`, `delete mode`, `rename`. Paths as printed. */
  created: string[];
  deleted: string[];
  renamed: { from: string; to: string; changed: boolean }[];
}

export const MAX_SUBJECT = 500;
const MAX_OUTPUT = 1024 * 1024;

/** `[main 1a2b3c4] subject`; the branch may be `detached HEAD`, and a root commit adds `(root-commit)`. */
const ANNOUNCEMENT = /^\[(?:[^\s\]][^\s]*|[^\][]{1,40}?)(?: \([^)]{1,40}\))? ([0-9a-f]{7,64})\] (.*)$/;

/** The commits an output announces, in order. */
export function readAnnouncements(output: string): PrintedCommit[] {
  // Most outputs have none: checking how lines begin first saves time.
  if (!output.startsWith("[") && !output.includes("\n[") && !output.includes("\u001b")) return [];
  const commits: PrintedCommit[] = [];
  const text = plainText(output.slice(0, MAX_OUTPUT));
  for (let start = 0, end = 0; end !== text.length; start = end + 1) {
    const next = text.indexOf("\n", start);
    end = next === -1 ? text.length : next;
    const first = text[start];
    const commit = commits.at(-1);
    if (first === "[") {
      const [, hash, subject] = ANNOUNCEMENT.exec(text.slice(start, end)) ?? [];
      if (hash !== undefined && subject !== undefined)
        commits.push({ hash, subject: plainLine(subject, MAX_SUBJECT), created: [], deleted: [], renamed: [] });
    } else if (first === " " && commit !== undefined) readSummaryLine(text.slice(start, end), commit);
  }
  return commits;
}

function readSummaryLine(line: string, commit: PrintedCommit): void {
  const [, verb, path] = /^ (create|delete) mode \d{6} (.+)$/.exec(line) ?? [];
  if (path !== undefined) (verb === "create" ? commit.created : commit.deleted).push(unquote(path));
  const [, names, similarity] = /^ rename (.+) \((\d+)%\)$/.exec(line) ?? [];
  const renamed = names === undefined ? null : readRename(names);
  if (renamed !== null) commit.renamed.push({ ...renamed, changed: similarity !== "100" });
}

/** `src/{util.js => helpers.js}`, `a.js => b.js`, `{old => new}/x.js`, `src/{ => lib}/x.js`. */
function readRename(names: string): { from: string; to: string } | null {
  const [, before, left, right, after] = /^(.*?)\{(.*?) => (.*?)\}(.*)$/.exec(names) ?? [];
  if (before !== undefined) {
    const put = (middle: string | undefined) => `${before}${middle}${after}`.replace("//", "/").replace(/^\//, "");
    return { from: put(left), to: put(right) };
  }
  const [from, to, more] = names.split(" => ");
  return from === undefined || to === undefined || more !== undefined ? null : { from: unquote(from), to: unquote(to) };
}

/** Git quotes unusual paths as C strings, with bytes in octal. */
function unquote(path: string): string {
  if (!path.startsWith('"') || !path.endsWith('"')) return path;
  const bytes: number[] = [];
  const body = path.slice(1, -1);
  for (const [piece] of body.matchAll(/\\[0-7]{3}|\\.|[^\\]+/gs)) {
    if (/^\\[0-7]{3}$/.test(piece)) bytes.push(Number.parseInt(piece.slice(1), 8) & 0xff);
    else bytes.push(...new TextEncoder().encode(piece.startsWith("\\") ? (ESCAPES[piece] ?? piece.slice(1)) : piece));
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

const ESCAPES: Record<string, string> = { "\\n": "\n", "\\t": "\t", "\\r": "\r" };

/** A commit that `git log`, `git show` or `git rev-parse` listed; the subject is null where only a hash was printed. */
export interface ListedCommit {
  hash: string;
  subject: string | null;
}

/** The commits an output lists, in order: lines of `--oneline`, full entries, bare hashes. */
export function readListedCommits(output: string): ListedCommit[] {
  const listed: ListedCommit[] = [];
  const lines = plainText(output.slice(0, MAX_OUTPUT)).split("\n");
  for (const [index, line] of lines.entries()) {
    const full = /^commit ([0-9a-f]{40,64})(?: \(.*\))?$/.exec(line)?.[1];
    if (full !== undefined) {
      const subject = lines.slice(index + 1, index + 12).find((next) => next.startsWith("    "));
      listed.push({ hash: full, subject: subject === undefined ? null : plainLine(subject, MAX_SUBJECT) });
      continue;
    }
    const [, hash, subject] = /^(?:\* )?([0-9a-f]{7,64})(?: (?:\([^)]{1,200}\) )?(.*))?$/.exec(line) ?? [];
    if (hash !== undefined && /\d/.test(hash)) {
      listed.push({ hash, subject: subject === undefined ? null : plainLine(subject, MAX_SUBJECT) });
    }
  }
  return listed;
}
