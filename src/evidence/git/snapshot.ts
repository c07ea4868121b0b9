// The state of a repository at one time: what its branches point at, and what differs from the last commit. One taken
// before a run and one after it show what changed between them, by whatever process.
import { lstat, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { createHash } from "../../system/crypto.ts";
import { ExpectedError, hasCode } from "../../system/errors.ts";
import { disableLocalFilters, gitFields, gitText } from "../../system/git.ts";
import { isTopLevel } from "./repository.ts";

/** Limits: a person waits for the snapshot, and it is stored in a file. */
const MAX_FILES = 5_000;
const MAX_TIPS = 5_000;
/** How many bytes are hashed: of one file, and of all files together. */
const MAX_SIZE = 8 * 1024 * 1024;
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_SUBMODULES = 32;
/** How many files are read at the same time. */
const READERS = 32;

const oid = z.string().regex(/^[0-9a-f]{40,64}$/);
const path = z.string().min(1).max(4_096);
const content = z.string().regex(/^[0-7]{6} [0-9a-f]{40,64}$/);

/** Kept in the pending run, so that a crash does not lose it. */
export const snapshotSchema = z.object({
  /** When it was taken. */
  at: z.iso.datetime(),
  head: oid.nullable(),
  /** Null where HEAD is detached. */
  branch: z.string().max(4_096).nullable(),
  /** What branches, remote branches and tags point at. */
  tips: z.array(oid).max(MAX_TIPS),
  /** Files that differ from `head`, untracked ones included: `<mode> <object>`, or null for a file that is gone. */
  files: z.array(z.tuple([path, content.nullable()])).max(MAX_FILES),
  /** Files that differ but are too large or not readable. */
  unread: z.array(path).max(MAX_FILES),
  /** How many more files differ. */
  omitted: z.int().nonnegative(),
});

export type Snapshot = z.infer<typeof snapshotSchema>;

const STATUS = [
  "status",
  "--porcelain=v2",
  "--branch",
  "-z",
  "--untracked-files=all",
  "--no-renames",
  "--no-ahead-behind",
  // A submodule counts as the commit it is at; its own changes do not.
  "--ignore-submodules=dirty",
];

/** The state of the repository whose top level is this folder; null where it is not one, or without git. */
export async function takeSnapshot(root: string): Promise<Snapshot | null> {
  const at = new Date().toISOString();
  try {
    const [top, lines, refs] = await Promise.all([
      isTopLevel(root),
      disableLocalFilters(root).then((filters) => gitFields(root, [...filters, ...STATUS])),
      gitText(root, ["for-each-ref", "--format=%(objectname)", "refs/heads", "refs/remotes", "refs/tags"]),
    ]);
    if (!top || lines === null) return null;
    const { head, branch, files } = readStatus(lines);
    const tips = [...new Set([head ?? "", ...(refs ?? "").split("\n")])].filter((tip) => tip !== "");
    const listed = files.slice(0, MAX_FILES).filter((file) => file.path.length <= 4_096);
    return {
      at,
      head,
      branch,
      tips: tips.slice(0, MAX_TIPS),
      ...(await readContents(root, listed, head)),
      omitted: files.length - listed.length,
    };
  } catch (error) {
    if (error instanceof ExpectedError) return null;
    throw error;
  }
}

interface DirtyFile {
  path: string;
  /** `<mode> <object>` where the index has what the working tree has; null where the file must be read. */
  content: string | null;
  submodule: boolean;
}

interface Status {
  head: string | null;
  branch: string | null;
  files: DirtyFile[];
}

/** Fields of a line before the path, by its kind: a changed file, an unmerged one, an untracked one. */
const FIELDS: Record<string, number> = { "1": 8, u: 10, "?": 1 };

/** Reads porcelain v2: https://git-scm.com/docs/git-status#_porcelain_format_version_2 */
function readStatus(lines: readonly string[]): Status {
  const status: Status = { head: null, branch: null, files: [] };
  for (const line of lines) {
    const words = line.split(" ");
    const [kind = "", name = "", value = ""] = words;
    if (kind === "#") {
      if (name === "branch.oid") status.head = oid.safeParse(value).data ?? null;
      if (name === "branch.head") status.branch = value === "(detached)" ? null : value;
      continue;
    }
    const count = FIELDS[kind];
    if (count === undefined) continue;
    const path = words.slice(count).join(" ");
    // Git lists a nested repository as a folder.
    if (path === "" || path.endsWith("/")) continue;
    const [, , submodule = "", , , mode, , object] = words;
    const staged = kind === "1" && name.endsWith(".") && mode !== "000000";
    status.files.push({
      path,
      content: staged ? `${mode} ${object}` : null,
      submodule: kind === "1" && submodule.startsWith("S"),
    });
  }
  return status;
}

async function readContents(root: string, dirty: readonly DirtyFile[], head: string | null) {
  const algorithm = head !== null && head.length > 40 ? "sha256" : "sha1";
  const budget = { left: MAX_BYTES };
  const files = new Map<string, string | null>();
  const unread: string[] = [];
  let submodules = 0;
  const read = async (file: DirtyFile): Promise<string | null | undefined> => {
    if (!file.submodule) return file.content ?? (await fileContent(join(root, file.path), algorithm, budget));
    return ++submodules > MAX_SUBMODULES ? undefined : await submoduleCommit(root, file.path);
  };
  const queue = [...dirty].reverse();
  const work = async () => {
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
      const found = await read(file);
      if (found === undefined) unread.push(file.path);
      else files.set(file.path, found);
    }
  };
  await Promise.all(Array.from({ length: READERS }, work));
  return { files: [...files].sort(([a], [b]) => (a < b ? -1 : 1)), unread: unread.sort() };
}

/** The commit a submodule is at; null where its folder is gone. */
async function submoduleCommit(root: string, folder: string): Promise<string | null> {
  const path = join(root, folder);
  if (!(await isTopLevel(path))) return null;
  const commit = await gitText(path, ["rev-parse", "--verify", "--quiet", "HEAD"]);
  return commit === null ? null : `160000 ${commit}`;
}

/**
 * `<mode> <object>` as a tree would have it; null for no file, undefined for one that is too large or not readable.
 * Computed here because `git hash-object` follows symbolic links and starts filters.
 */
async function fileContent(
  path: string,
  algorithm: "sha1" | "sha256",
  budget: { left: number },
): Promise<string | null | undefined> {
  try {
    const info = await lstat(path);
    if (info.isSymbolicLink()) return `120000 ${blobName(algorithm, await readlink(path, { encoding: "buffer" }))}`;
    if (!info.isFile()) return null;
    if (info.size > Math.min(MAX_SIZE, budget.left)) return undefined;
    budget.left -= info.size;
    return `${info.mode & 0o100 ? "100755" : "100644"} ${blobName(algorithm, await readFile(path))}`;
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return null;
    if (hasCode(error, "EACCES", "EISDIR", "ELOOP", "ENAMETOOLONG", "EIO", "EPERM")) return undefined;
    throw error;
  }
}

function blobName(algorithm: "sha1" | "sha256", content: Uint8Array): string {
  return createHash(algorithm).update(`blob ${content.length}\0`).update(content).digest("hex");
}
