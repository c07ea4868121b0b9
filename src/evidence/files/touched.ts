// From the timeline of a run to its touched files: paths mapped into the project, commits replaced by git's account.
import { posix } from "node:path";
import type { SessionHead } from "../../agents/session-head.ts";
import type { TouchedFiles } from "../evidence.ts";
import type { Repository } from "../git/repository.ts";
import type { RunCommit } from "../git/resolve.ts";
import { foldFiles } from "./fold.ts";
import { type CommitChange, type Grade, NOBODY_KNOWS, type Operation, type Step } from "./operations.ts";
import type { Place, ProjectPaths } from "./project-paths.ts";
import { type Observation, reconcile } from "./reconcile.ts";
import type { TimelineItem } from "./timeline.ts";
import { isWithin } from "./worktree.ts";

export interface TouchedContext {
  timeline: readonly TimelineItem[];
  commits: readonly RunCommit[];
  paths: ProjectPaths;
  repository: Repository | null;
  head: SessionHead;
  /** When the run began. */
  startedAt: string | null;
  /** What changed while the run lasted; null where nobody looked before it and after it. */
  observation: Observation | null;
}

/** Where a path of the log lies in the project. */
export type Locate = (path: string) => Place;

export async function touchedFiles(context: TouchedContext): Promise<TouchedFiles> {
  const { repository, observation } = context;
  const tree = repository === null ? null : await startTree(context, repository);
  const elsewhere = new Set<string>();
  const locate = (path: string) => {
    const place = context.paths.locate(path);
    if ("inside" in place && place.elsewhere === true) elsewhere.add(place.inside);
    return place;
  };
  const steps = await stepsOf(context, tree?.submodules ?? [], locate);
  const inSubmodule = (path: string) => (tree?.submodules ?? []).some((folder) => path.startsWith(`${folder}/`));
  const isOurs = (path: string) => isInside(path) && !inSubmodule(path);
  const under = (folder: string) => [...(tree?.under(folder) ?? []), ...untracked(folder, observation)];
  const start =
    tree === null ? NOBODY_KNOWS : { ...tree, under, has: (path: string) => (isOurs(path) ? tree.has(path) : null) };
  // Folded twice: only then it is known of which paths git must be asked whether it ignores them.
  const named = foldFiles(steps, start).grades;
  const claimed = [...named.keys(), ...changedPaths(observation)].filter(isOurs);
  const ignored = repository === null ? new Set<string>() : await repository.ignored(claimed);
  const { touched, grades } = foldFiles(steps.filter(isSure), start, (path) => !isOurs(path) || ignored.has(path));
  // What a command leaves in an ignored place is a by-product.
  const counts = (path: string) => !(ignored.has(path) && grades.get(path) === "command");
  const counted: TouchedFiles = {
    created: touched.created.filter(counts),
    modified: touched.modified.filter(counts),
    deleted: touched.deleted.filter(counts),
    moved: touched.moved.filter(({ from, to }) => counts(from) || counts(to)),
  };
  if (observation === null) return counted;
  const isSeen = (path: string) => isOurs(path) && !ignored.has(path) && !elsewhere.has(path);
  return await reconcile({ touched: counted, grades, named, isSeen }, observation);
}

function isSure(step: Step): boolean {
  return step.step !== "operation" || step.grade !== "supposed";
}

/** Files that were there when the run began, though no commit has them. */
function untracked(folder: string, observation: Observation | null): string[] {
  if (observation === null) return [];
  return observation.comparison.untracked.filter((path) => isWithin(path, folder));
}

function changedPaths(observation: Observation | null): string[] {
  if (observation === null) return [];
  return [...observation.comparison.changes].flatMap(([path, { byHistory }]) => (byHistory ? [] : path));
}

function isInside(path: string): boolean {
  return !path.startsWith("/") && !path.startsWith("~/");
}

/** The tree the run began with: before its first commit, else as it was seen, else as log and clock tell. */
async function startTree({ commits, head, startedAt, observation }: TouchedContext, repository: Repository) {
  const first = commits.find(({ known }) => known !== null);
  if (first !== undefined) return await repository.tree(before(first));
  if (observation !== null) return observation.comparison.tree;
  const start = head.git.commit;
  const told = start === null ? undefined : (await repository.find([start])).get(start);
  if (told !== undefined && isFirstRun(head, startedAt)) return await repository.tree(told.oid);
  const last = startedAt === null ? null : await repository.lastBefore(startedAt);
  if (told === undefined) return last === null ? null : await repository.tree(last);
  // A resumed session tells where it began, long ago: later commits were there when this run began.
  const later = last !== null && (await repository.isAncestor(told.oid, last));
  return await repository.tree(later ? last : told.oid);
}

/** What a commit is compared with: what it replaced, else its first parent; null for a root commit. */
function before({ known, replaces }: RunCommit): string | null {
  return replaces?.oid ?? known?.parents[0] ?? null;
}

/** How long after its session's beginning a run's first event may come. */
const FIRST_PROMPT_MS = 2_000;

/** A run that began with its session: commit dates, in whole seconds, cannot tell better than the log. */
function isFirstRun(head: SessionHead, startedAt: string | null): boolean {
  if (head.startedAt === null || startedAt === null) return true;
  return Date.parse(startedAt) <= Date.parse(head.startedAt) + FIRST_PROMPT_MS;
}

async function stepsOf(
  { timeline, commits, repository }: TouchedContext,
  submodules: readonly string[],
  locate: Locate,
): Promise<Step[]> {
  const asked = commits.flatMap((commit) =>
    commit.known === null ? [] : [{ known: commit.known, against: before(commit) }],
  );
  const changes = repository === null ? new Map<string, CommitChange[]>() : await repository.changes(asked);
  const steps: Step[] = [];
  for (const item of timeline) {
    if (item.item === "operation") {
      for (const operation of mapOperation(item.operation, item.grade, locate)) {
        steps.push({ step: "operation", operation, grade: item.grade });
      }
    } else if (item.item === "stage-all") {
      const place = item.folder === null ? { inside: "" } : locate(item.folder);
      if ("inside" in place && !submodules.includes(place.inside)) {
        steps.push({ step: "stage-all", folder: place.inside, tracked: item.tracked });
      }
    } else {
      for (const commit of commits) {
        if (commit.claim !== item.claim) continue;
        const known = commit.known === null ? undefined : changes.get(commit.known.oid);
        steps.push({ step: "commit", changes: known ?? printedChanges(commit), complete: known !== undefined });
      }
    }
  }
  return steps;
}

/** What git printed below `[branch hash] subject`: new, deleted and renamed files, but not the modified ones. */
function printedChanges({ claim }: RunCommit): CommitChange[] {
  if (claim.printed === null) return [];
  const { created, deleted, renamed } = claim.printed;
  return [
    ...created.map((path): CommitChange => ({ status: "A", path, from: null, changed: true, content: null })),
    ...deleted.map((path): CommitChange => ({ status: "D", path, from: null, changed: true, content: null })),
    ...renamed.map(({ from, to, changed }): CommitChange => ({ status: "R", path: to, from, changed, content: null })),
  ];
}

/** The operation on the project's paths. Commands elsewhere are no concern of the project; edits elsewhere are told. */
export function mapOperation(operation: Operation, grade: Grade, locate: Locate): Operation[] {
  const at = (path: string): string | null => {
    const place = locate(path);
    if ("outside" in place) return grade === "edit" ? place.outside : null;
    const folder = path.endsWith("/") && place.inside !== "" ? `${place.inside}/` : place.inside;
    return /^\.git(\/|$)/.test(folder) ? null : folder;
  };
  switch (operation.kind) {
    case "stash":
    case "unstash":
      return [operation];
    case "restore":
      if (operation.path === null) return [operation];
      return onPath(at(operation.path), (path) => ({ ...operation, path }));
    case "clean":
    case "folder":
      return onPath(at(operation.path), (path) => ({ ...operation, path }));
    case "move":
    case "copy": {
      const from = at(operation.from.path);
      // The project's own folder as target is an empty path.
      const to = at(operation.to) || (at(operation.to) === "" ? "./" : null);
      if (from && to !== null) return [{ ...operation, from: { ...operation.from, path: from }, to }];
      if (to !== null) return landing(operation, to);
      if (!from || operation.kind === "copy") return [];
      return [{ kind: "delete", ...operation.from, path: from, recursive: true, forced: false }];
    }
    default: {
      const path = at(operation.path);
      return path ? [{ ...operation, path }] : [];
    }
  }
}

function onPath(path: string | null, operation: (path: string) => Operation): Operation[] {
  return path === null ? [] : [operation(path)];
}

/** A file that came from outside the project; a folder's files are not known. */
function landing(operation: Operation & { kind: "move" | "copy" }, to: string): Operation[] {
  const name = posix.basename(operation.from.path);
  if (operation.from.glob !== undefined || (operation.kind === "copy" && operation.recursive)) return [];
  if (operation.kind === "move" && !/.\.\w+$/.test(name)) return [];
  return [{ kind: "copy", from: { path: `/${name}` }, to, recursive: false }];
}
