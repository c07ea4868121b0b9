// The files a run touched, from its timeline: paths mapped into the project, commits replaced by what git knows of them.
import type { SessionHead } from "../../agents/session-head.ts";
import type { TouchedFiles } from "../evidence.ts";
import type { CommitTree, Repository } from "../git/repository.ts";
import type { RunCommit } from "../git/resolve-commits.ts";
import { foldFiles } from "./fold-files.ts";
import { type CommitChange, pathsIn, type Step, UNKNOWN_TREE } from "./operations.ts";
import { isOwnFile } from "./own-files.ts";
import { inProject, type Locate, type ProjectPaths } from "./project-paths.ts";
import { type Observation, reconcile } from "./reconcile.ts";
import type { TimelineItem } from "./timeline.ts";
import { isWithin } from "./working-tree.ts";

export interface TouchedContext {
  timeline: readonly TimelineItem[];
  commits: readonly RunCommit[];
  paths: ProjectPaths;
  repository: Repository | null;
  head: SessionHead;
  /** When the run began. */
  startedAt: string | null;
  /** What changed in the repository during the run; null without snapshots. */
  observation: Observation | null;
}

export async function touchedFiles(context: TouchedContext): Promise<TouchedFiles> {
  const { repository, observation } = context;
  const { tree, isSure } = repository === null ? { tree: null, isSure: true } : await startTree(context, repository);
  const inOtherCheckout = new Set<string>();
  const locate = (path: string) => {
    const located = context.paths.locate(path);
    if ("inside" in located && located.otherCheckout === true) inOtherCheckout.add(located.inside);
    return located;
  };
  const submodules = tree?.submodules ?? [];
  const steps = await stepsOf(context, submodules, locate);
  const inRepository = (path: string) =>
    !/^~?\//.test(path) && !submodules.some((folder) => path.startsWith(`${folder}/`));
  const under = (folder: string) => [...(tree?.under(folder) ?? []), ...untracked(folder, observation)];
  const created = isSure ? new Set<string>() : createdFirst(steps);
  const start =
    tree === null
      ? UNKNOWN_TREE
      : {
          ...tree,
          under,
          has: (path: string) => (inRepository(path) ? tree.has(path) && !created.has(path) : null),
        };
  // The first fold finds the paths to ask git about; the second fold uses which of them git ignores.
  const named = foldFiles(steps, start).grades;
  const asked = [...named.keys(), ...changedPaths(observation)].filter(inRepository);
  const ignored = repository === null ? new Set<string>() : await repository.ignored(asked);
  const { touched, grades } = foldFiles(steps.filter(isFinished), start, (path) => {
    return !inRepository(path) || ignored.has(path);
  });
  // Ignored files that a command creates are by-products.
  const counts = (path: string) => !isOwnFile(path) && !(ignored.has(path) && grades.get(path) === "command");
  const counted: TouchedFiles = {
    created: touched.created.filter(counts),
    modified: touched.modified.filter(counts),
    deleted: touched.deleted.filter(counts),
    moved: touched.moved.filter(({ from, to }) => counts(from) || counts(to)),
  };
  if (observation === null) return counted;
  const isVisible = (path: string) => inRepository(path) && !ignored.has(path) && !inOtherCheckout.has(path);
  const changes = new Map([...observation.comparison.changes].filter(([path]) => !isOwnFile(path)));
  const comparison = { ...observation.comparison, changes };
  return await reconcile({ touched: counted, grades, named, isVisible }, { ...observation, comparison });
}

function isFinished(step: Step): boolean {
  return step.step !== "operation" || step.grade !== "unfinished";
}

/** Untracked files that were there when the run began. */
function untracked(folder: string, observation: Observation | null): string[] {
  if (observation === null) return [];
  return observation.comparison.untracked.filter((path) => isWithin(path, folder));
}

function changedPaths(observation: Observation | null): string[] {
  if (observation === null) return [];
  return [...observation.comparison.changes].flatMap(([path, { byHistory }]) => (byHistory ? [] : path));
}

/** `isSure`: not found by the clock, which names a wrong commit after an amend, a squash or a rebase. */
interface Start {
  tree: CommitTree | null;
  isSure: boolean;
}

/** The tree the run began with: before its first commit, else of the snapshot, else by the log and the clock. */
async function startTree(context: TouchedContext, repository: Repository): Promise<Start> {
  const { commits, head, startedAt, observation } = context;
  const first = commits.find(({ known }) => known !== null);
  if (first !== undefined) return { tree: await repository.tree(baseOf(first)), isSure: true };
  if (observation !== null) return { tree: observation.comparison.tree, isSure: true };
  const start = head.git.commit;
  const logged = start === null ? undefined : (await repository.find([start])).get(start);
  if (logged !== undefined && isFirstRun(head, startedAt)) {
    return { tree: await repository.tree(logged.oid), isSure: true };
  }
  const last = startedAt === null ? null : await repository.lastBefore(startedAt);
  if (logged === undefined) return { tree: last === null ? null : await repository.tree(last), isSure: false };
  // A resumed session's log names the commit of its first run; commits made since then existed when this run began.
  const isLater = last !== null && (await repository.isAncestor(logged.oid, last));
  return { tree: await repository.tree(isLater ? last : logged.oid), isSure: false };
}

/** The paths that a structured edit created before anything else happened to them. */
function createdFirst(steps: readonly Step[]): Set<string> {
  const seen = new Set<string>();
  const created = new Set<string>();
  for (const step of steps) {
    if (step.step !== "operation") continue;
    const { operation, grade } = step;
    if (operation.kind === "add" && grade === "edit" && !seen.has(operation.path)) created.add(operation.path);
    for (const path of pathsIn(operation)) seen.add(path);
  }
  return created;
}

/** What a commit is compared with: the commit it replaced, else its first parent; null for a root commit. */
function baseOf({ known, replaces }: RunCommit): string | null {
  return replaces?.oid ?? known?.parents[0] ?? null;
}

/** The longest time between the start of a session and the first event of its first run. */
const MAX_FIRST_EVENT_MS = 2_000;

/** Whether a run began with its session: then the log knows its commit better than commit dates in whole seconds. */
function isFirstRun(head: SessionHead, startedAt: string | null): boolean {
  if (head.startedAt === null || startedAt === null) return true;
  return Date.parse(startedAt) <= Date.parse(head.startedAt) + MAX_FIRST_EVENT_MS;
}

async function stepsOf(
  { timeline, commits, repository }: TouchedContext,
  submodules: readonly string[],
  locate: Locate,
): Promise<Step[]> {
  const asked = commits.flatMap((commit) =>
    commit.known === null ? [] : [{ known: commit.known, against: baseOf(commit) }],
  );
  const changes = repository === null ? new Map<string, CommitChange[]>() : await repository.changes(asked);
  const commitsByClaim = Map.groupBy(commits, ({ claim }) => claim.id);
  return timeline.flatMap((item): Step[] => {
    if (item.item === "operation") {
      const { grade } = item;
      return inProject(item.operation, grade, locate).map((operation) => ({ step: "operation", operation, grade }));
    }
    if (item.item === "stage-all") {
      const folder = item.folder === null ? { inside: "" } : locate(item.folder);
      if (!("inside" in folder) || submodules.includes(folder.inside)) return [];
      return [{ step: "stage-all", folder: folder.inside, tracked: item.tracked }];
    }
    return (commitsByClaim.get(item.claimId) ?? []).map((commit) => {
      const known = commit.known === null ? undefined : changes.get(commit.known.oid);
      return { step: "commit", changes: known ?? printedChanges(commit), complete: known !== undefined };
    });
  });
}

/** What git printed below `[branch hash] subject`: new, deleted and renamed files, but not modified ones. */
function printedChanges({ claim }: RunCommit): CommitChange[] {
  if (claim.printed === null) return [];
  const { created, deleted, renamed } = claim.printed;
  return [
    ...created.map((path): CommitChange => ({ status: "A", path, from: null, changed: true, content: null })),
    ...deleted.map((path): CommitChange => ({ status: "D", path, from: null, changed: true, content: null })),
    ...renamed.map(({ from, to, changed }): CommitChange => ({ status: "R", path: to, from, changed, content: null })),
  ];
}
