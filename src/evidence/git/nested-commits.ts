// Commits that a run made in repositories inside the project: in submodules, and in clones.
import { join } from "node:path";
import { commonDirectory } from "../../system/git.ts";
import type { ProjectPaths } from "../files/project-paths.ts";
import type { CommitClaim } from "./commit-claims.ts";
import { fetchedSince } from "./fetched-commits.ts";
import { nestedTop, Repository } from "./repository.ts";
import { type RunCommit, resolveCommits } from "./resolve-commits.ts";

const MAX_NESTED = 50;

/** The claims about this repository, and those about repositories inside the project by their folders. */
export async function claimsByRepository(
  claims: readonly CommitClaim[],
  paths: ProjectPaths,
  root: string,
  repository: Repository | null,
): Promise<{ own: CommitClaim[]; nested: ReadonlyMap<string, CommitClaim[]> }> {
  const own: CommitClaim[] = [];
  const nested = new Map<string, CommitClaim[]>();
  const tops = new Map<string, string | null>();
  let common: Promise<string | null> | null = null;
  for (const claim of claims) {
    if (claim.directory === null) {
      if (repository !== null && claim.hash !== null) own.push(claim);
      continue;
    }
    const located = paths.locate(claim.directory);
    if (!("inside" in located)) continue;
    const folder = located.inside;
    common ??= commonDirectory(root);
    if (!tops.has(folder)) tops.set(folder, await nestedTop(root, folder, await common));
    const top = tops.get(folder) ?? null;
    if (top === null) own.push(claim);
    else nested.set(top, [...(nested.get(top) ?? []), claim]);
  }
  return { own, nested };
}

/** The commits of the run in repositories inside the project. */
export async function nestedCommits(
  nested: ReadonlyMap<string, CommitClaim[]>,
  { root, since, end }: { root: string; since: string | null; end: string | null },
): Promise<{ commit: RunCommit; path: string }[]> {
  const found: { commit: RunCommit; path: string }[] = [];
  for (const [path, claims] of [...nested].slice(0, MAX_NESTED)) {
    const repository = await Repository.open(join(root, path));
    if (repository === null) continue;
    const fetched = await fetchedSince(repository.root, since);
    const commits = await resolveCommits(claims, repository, { commit: null, fresh: null, fetched }, end);
    found.push(...commits.map((commit) => ({ commit, path })));
  }
  return found;
}
