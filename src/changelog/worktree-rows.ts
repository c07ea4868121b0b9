// The rows of linked worktrees. The changelog of a linked worktree is removed with it, so a copy of each row is kept in the
// `.git` folder of the repository until a commit holds the row. If the worktree is removed first, the row is appended
// in the main checkout.
import { readFileSync, realpathSync, statSync, unlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { sha256 } from "../system/crypto.ts";
import { debug } from "../system/debug.ts";
import { makeDirectory, namesIn } from "../system/directory.ts";
import { ExpectedError, ifReadable, messageOf } from "../system/errors.ts";
import { isSameFolder } from "../system/folder-identity.ts";
import { git, gitText } from "../system/git.ts";
import { insideRoot } from "../system/paths.ts";
import { readSmallFile } from "../system/regular-file.ts";
import { type LinkedWorktree, linkedWorktree, listedWorktrees, mainCheckout } from "../system/worktrees.ts";
import { createAtomic } from "../system/write-atomic.ts";
import { MAX_ROW_BYTES, parseLine } from "./rows.ts";
import { readEntry, type StoredEntry } from "./stored-entry.ts";

const copySchema = z.object({ worktree: z.string(), actor: z.string(), row: z.string() });
const MAX_COPIES = 1_000;
/** A row is escaped once more in its copy. */
const MAX_COPY_BYTES = 2 * MAX_ROW_BYTES;
const MAX_BRANCHES = 500;

/** A row that no commit may hold yet. */
interface RowCopy {
  path: string;
  /** The top level of the worktree that has the row. */
  worktree: string;
  actor: string;
  row: string;
  entry: StoredEntry;
}

/** Keeps a copy of a row of a linked worktree, if `.git` can be written to. */
export function keepRow({ root, commonDirectory }: LinkedWorktree, directory: string, row: string): void {
  const folder = copiesFolder(commonDirectory);
  if (folder === null) return;
  const copy: z.output<typeof copySchema> = { worktree: root, actor: basename(directory).toLowerCase(), row };
  try {
    makeDirectory(folder, 0o700);
    createAtomic(join(folder, `${sha256(`${root}\0${row}`)}.json`), `${JSON.stringify(copy)}\n`, 0o600);
  } catch (error) {
    // The row is in the worktree: without its copy, it is lost only with the worktree.
    if (!(error instanceof ExpectedError)) throw error;
    debug("entry", () => `no copy of a row in \`${folder}\`: ${messageOf(error)}`);
  }
}

/** Appends a row to the changelog of an actor unless its run has one that is as good. */
export type RowAppender = (root: string, actor: string, row: string, entry: StoredEntry) => Promise<unknown>;

/**
 * Removes the copies of rows that a commit holds, and appends the rows of removed worktrees in the main checkout. `root`
 * is any checkout of the repository. What cannot be appended is kept.
 */
export async function restoreRows(root: string, append: RowAppender): Promise<void> {
  const common = commonDirectoryOf(root);
  const main = common === null ? null : mainCheckout(common);
  const folder = common === null ? null : copiesFolder(common);
  if (common === null || main === null || folder === null) return;
  const copies = namesIn(folder)
    .slice(0, MAX_COPIES)
    .flatMap((name) => readCopy(join(folder, name)) ?? []);
  if (copies.length === 0) return;
  const living = listedWorktrees(common).filter((path) => isWorktreeOf(path, common));
  const tips = await tipsOf(main);
  for (const copy of copies) {
    if (!(await isCommitted(copy, main, tips))) {
      const isKept = living.some((path) => isSameFolder(path, copy.worktree) || holdsRow(path, copy));
      if (isKept || !(await isAppended(copy, main, append))) continue;
    }
    ifReadable(() => unlinkSync(copy.path));
  }
}

async function isAppended({ actor, row, entry }: RowCopy, main: string, append: RowAppender): Promise<boolean> {
  try {
    await append(main, actor, row, entry);
    return true;
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    debug("entry", () => `run ${entry.run_id} of a removed worktree is not recorded: ${messageOf(error)}`);
    return false;
  }
}

/** The commits that branches and `HEAD` name. */
async function tipsOf(main: string): Promise<ReadonlySet<string>> {
  const refs = await gitText(main, ["for-each-ref", `--count=${MAX_BRANCHES}`, "--format=%(objectname)", "refs/heads"]);
  const head = await gitText(main, ["rev-parse", "--verify", "--quiet", "HEAD"]);
  return new Set([...(refs ?? "").split("\n"), head ?? ""].filter((oid) => /^[\da-f]{40,64}$/.test(oid)));
}

/** Whether one of the commits holds the row. */
async function isCommitted({ entry }: RowCopy, main: string, tips: ReadonlySet<string>): Promise<boolean> {
  if (tips.size === 0) return false;
  const patterns = [`"run_id":${JSON.stringify(entry.run_id)}`, "--and", "-e", `"created_at":"${entry.created_at}"`];
  const search = ["grep", "--quiet", "--text", "--fixed-strings", "--no-recurse-submodules", "-e", ...patterns];
  return (await git(main, [...search, ...tips, "--", ".changelog"])).code === 0;
}

/** Whether a worktree has the row: it may have been moved. */
function holdsRow(worktree: string, { actor, row }: RowCopy): boolean {
  const path = join(worktree, ".changelog", actor, "entries.jsonl");
  return insideRoot(worktree, path) && (ifReadable(() => readFileSync(path))?.includes(row) ?? false);
}

function readCopy(path: string): RowCopy | null {
  const text = readSmallFile(path, MAX_COPY_BYTES);
  const copy = copySchema.safeParse(text === null ? null : parseLine(Buffer.from(text)).rows[0]);
  if (!copy.success || copy.data.row.includes("\n")) return null;
  const { rows } = parseLine(Buffer.from(copy.data.row));
  const entry = rows.length === 1 && rows[0] !== undefined ? readEntry(rows[0]).entry : null;
  return entry === null ? null : { ...copy.data, path, entry };
}

function isWorktreeOf(path: string, common: string): boolean {
  const linked = linkedWorktree(path);
  return linked !== null && isSameFolder(linked.commonDirectory, common);
}

function commonDirectoryOf(root: string): string | null {
  const linked = linkedWorktree(root);
  if (linked !== null) return linked.commonDirectory;
  const path = join(root, ".git");
  return ifReadable(() => (statSync(path, { throwIfNoEntry: false })?.isDirectory() ? realpathSync(path) : null));
}

/** Null if the folder is a link out of the repository. */
function copiesFolder(common: string): string | null {
  const folder = join(common, "ctx", "rows");
  return insideRoot(common, folder) ? folder : null;
}
