// The state of a repository at one moment: where its branches stand, and what differs from the last commit. Taken before
// a run and after it, the two tell what changed meanwhile, whoever changed it.
import { join } from "node:path";
import { z } from "zod";
import { ExpectedError } from "../../system/errors.ts";
import { disableLocalFilters, gitFields, gitText } from "../../system/git.ts";
import { type ByteBudget, fileContent } from "./file-content.ts";
import { type DirtyFile, readStatus } from "./status.ts";
import { isTopLevel } from "./top-level.ts";

/** Bounds of a snapshot: it is taken while a person waits, and kept in a file. */
const MAX_FILES = 5_000;
const MAX_TIPS = 5_000;
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_SUBMODULES = 32;
/** Files read at once. */
const READERS = 32;

const oid = z.string().regex(/^[0-9a-f]{40,64}$/);
const path = z.string().min(1).max(4_096);
const content = z.string().regex(/^[0-7]{6} [0-9a-f]{40,64}$/);

/** Kept in the record of a run while it lasts, so that a crash does not lose it. */
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
  /** Files that differ, too large to be read or not readable. */
  unread: z.array(path).max(MAX_FILES),
  /** How many more differ that are not listed at all. */
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
  // A submodule is the commit it stands at; what goes on inside is its own affair.
  "--ignore-submodules=dirty",
];

/** Looks at the repository whose top level is this folder; null where there is none, or no git. */
export async function takeSnapshot(root: string): Promise<Snapshot | null> {
  const at = new Date().toISOString();
  try {
    const [top, lines, refs] = await Promise.all([
      isTopLevel(root),
      readStatusLines(root),
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

async function readStatusLines(root: string): Promise<string[] | null> {
  return await gitFields(root, [...(await disableLocalFilters(root)), ...STATUS]);
}

async function readContents(root: string, dirty: readonly DirtyFile[], head: string | null) {
  const algorithm = head !== null && head.length > 40 ? "sha256" : "sha1";
  const budget: ByteBudget = { left: MAX_BYTES };
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

/** The commit a submodule stands at; null where its folder is gone. */
async function submoduleCommit(root: string, folder: string): Promise<string | null> {
  const place = join(root, folder);
  if (!(await isTopLevel(place))) return null;
  const commit = await gitText(place, ["rev-parse", "--verify", "--quiet", "HEAD"]);
  return commit === null ? null : `160000 ${commit}`;
}
