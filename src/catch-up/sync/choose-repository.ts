// Chooses the repository that a session belongs to. The evidence, strongest first: files that the session edited, files
// that its commands changed, the folder it started in, the folders its commands ran in. Unclear evidence gives several
// candidates.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { isWithin } from "../../evidence/files/working-tree.ts";
import type { Checkout } from "../../evidence/git/checkouts.ts";
import type { WorkLocations } from "../../evidence/work-locations.ts";
import { isSameFolder } from "../../system/folder-identity.ts";
import { commonDirectory, gitText, topLevel } from "../../system/git.ts";
import { realPath } from "../../system/paths.ts";
import { mainCheckout } from "../../system/worktrees.ts";

/** The kinds of evidence for a repository, strongest first. */
const EVIDENCE_KINDS = ["edits", "commands", "cwd", "workdirs"] as const;
type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

export interface Candidate {
  root: string;
  /** All kinds of evidence for this repository. */
  by: EvidenceKind[];
}

/** The repository, or all that fit; null if there is no evidence. */
type Choice = { root: string; by: EvidenceKind } | { candidates: Candidate[] } | null;

export async function chooseRepository(
  cwd: string | null,
  { edited, changed, visited, checkouts }: Pick<WorkLocations, "edited" | "changed" | "visited" | "checkouts">,
  repositories: Repositories,
  isToolFile: (path: string) => boolean,
): Promise<Choice> {
  const rootsOf = async (folders: Iterable<string>) => {
    const roots = new Set<string>();
    for (const folder of folders) {
      const root = isToolFile(folder) ? null : await repositories.rootOf(existingCheckout(folder, checkouts));
      if (root !== null) roots.add(root);
    }
    return [...roots];
  };
  const found: Record<EvidenceKind, string[]> = {
    edits: await rootsOf(edited),
    commands: await rootsOf(changed),
    cwd: await rootsOf(cwd === null ? [] : [cwd]),
    workdirs: await rootsOf(visited),
  };
  const [home = null] = found.cwd;
  const strongest = EVIDENCE_KINDS.find((kind) => found[kind].length > 0);
  if (strongest === undefined) return null;
  const roots = await repositories.onePerRepository(found[strongest], home);
  const [root, ...others] = roots;
  if (root === undefined) return null;
  if (strongest === "cwd") {
    // The session changed nothing, and all its commands may have run in other repositories.
    const all = await repositories.onePerRepository([root, ...found.workdirs], home);
    const workdirs = await repositories.onePerRepository(found.workdirs, home);
    const isElsewhere = workdirs.length > 0 && all.length > workdirs.length;
    return isElsewhere ? candidates(all, found) : { root, by: strongest };
  }
  if (others.length > 0) return candidates(roots, found);
  const agrees = home === null || home === root || (await repositories.areWorktreesOfOne(home, root));
  return agrees ? { root, by: strongest } : candidates([root, home], found);
}

/** The folder; if it lies in a checkout that is gone, the folder from which that checkout was made. */
function existingCheckout(folder: string, checkouts: readonly Checkout[]): string {
  let at = folder;
  // Newest first: a worktree may have been added in another one.
  for (const { path, of } of checkouts.toReversed()) if (isWithin(at, path) && !existsSync(path)) at = of;
  return at;
}

function candidates(roots: readonly string[], found: Record<EvidenceKind, string[]>): Choice {
  const all = [...new Set(roots)];
  return {
    candidates: all.map((root) => ({ root, by: EVIDENCE_KINDS.filter((kind) => found[kind].includes(root)) })),
  };
}

/**
 * Finds the checkouts that contain folders, and which of them belong to one repository. Each folder is looked up once.
 */
export class Repositories {
  readonly #roots = new Map<string, Promise<string | null>>();
  readonly #isTopLevel = new Map<string, Promise<boolean>>();
  readonly #commonDirs = new Map<string, Promise<string | null>>();
  readonly #given: string | null;

  /** `given`: a folder that counts as a repository even if git does not recognize it as one. */
  constructor(given: string | null) {
    this.#given = given;
  }

  /** The root of the worktree that contains a folder, or its nearest existing parent; null if there is none. */
  rootOf(folder: string): Promise<string | null> {
    return once(this.#roots, folder, () => this.#search(folder));
  }

  /** Whether two folders are worktrees of one repository. */
  async areWorktreesOfOne(a: string, b: string): Promise<boolean> {
    const commonDir = (root: string) => once(this.#commonDirs, root, () => commonDirectory(root));
    const [one, other] = await Promise.all([commonDir(a), commonDir(b)]);
    return one !== null && other !== null && isSameFolder(one, other);
  }

  /**
   * One checkout of each repository. Of several, it is the one that the session started in (`home`), else the main
   * checkout.
   */
  async onePerRepository(roots: readonly string[], home: string | null): Promise<string[]> {
    const groups: string[][] = [];
    for (const root of roots) {
      const of = await findFirst(groups, ([first = ""]) => this.areWorktreesOfOne(first, root));
      if (of === null) groups.push([root]);
      else of.push(root);
    }
    return await Promise.all(groups.map((group) => this.#checkoutOf(group, home)));
  }

  async #checkoutOf(group: readonly string[], home: string | null): Promise<string> {
    const [first = ""] = group;
    if (group.length === 1) return first;
    if (home !== null && (await this.areWorktreesOfOne(first, home))) return home;
    const common = await once(this.#commonDirs, first, () => commonDirectory(first));
    const main = common === null ? null : mainCheckout(common);
    return main !== null && (await this.rootOf(main)) === main ? main : first;
  }

  async #search(folder: string): Promise<string | null> {
    if (!existsSync(folder)) {
      const parent = dirname(folder);
      return parent === folder ? null : await this.rootOf(parent);
    }
    for (let at = realPath(folder); ; at = dirname(at)) {
      if (this.#given !== null && isSameFolder(at, this.#given)) return this.#given;
      // A folder with a `.git` in it need not be a repository.
      if (existsSync(join(at, ".git")) && (await once(this.#isTopLevel, at, () => isTopLevel(at)))) return at;
      if (dirname(at) === at) return null;
    }
  }
}

function once<Value>(cache: Map<string, Promise<Value>>, key: string, read: () => Promise<Value>): Promise<Value> {
  const value = cache.get(key) ?? read();
  cache.set(key, value);
  return value;
}

/** The first item for which the condition holds; null if there is none. */
async function findFirst<Item>(items: readonly Item[], holds: (item: Item) => Promise<boolean>): Promise<Item | null> {
  for (const item of items) if (await holds(item)) return item;
  return null;
}

async function isTopLevel(folder: string): Promise<boolean> {
  const top = await gitText(folder, ["rev-parse", "--show-toplevel"]);
  return top !== null && realPath(await topLevel(folder)) === folder && realPath(top) === folder;
}
