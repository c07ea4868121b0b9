// The commits of a run: those its log shows, checked against the repository if there is one.
import type { Span } from "../files/command-spans.ts";
import { plainLine } from "../plain-text.ts";
import { type CommitClaim, newClaim, remainingClaims } from "./commit-claims.ts";
import { MAX_SUBJECT } from "./printed-commits.ts";
import { type KnownCommit, Repository } from "./repository.ts";

/** A commit of the run: as the repository has it, or as the log shows it if the repository no longer has it. */
export interface RunCommit {
  claim: CommitClaim;
  hash: string;
  subject: string;
  known: KnownCommit | null;
  /** The commit of an earlier run that this one replaced. */
  replaces: KnownCommit | null;
}

/** A commit may be dated this long before its command's start or after its end, if the log shows the commit's subject. */
const SLACK_SECONDS = 1;

/** The commits according to the log alone: the remaining claims that have a hash and that git itself printed. */
export function commitsByLog(claims: readonly CommitClaim[]): RunCommit[] {
  return remainingClaims(claims).flatMap((claim) => (claim.hasCommand ? asLogged(claim) : []));
}

export interface RunStart {
  /** The commit the run began at. */
  commit: string | null;
  /** The commits that were not there before the run; null without a snapshot. */
  fresh: readonly KnownCommit[] | null;
  /** The commits that were fetched during the run: others made them. */
  fetched: ReadonlySet<string>;
}

/**
 * The commits according to log and repository: subjects as in the repository, also commits made without output, but no
 * amended or rebased ones. `end`: when the run ended.
 */
export async function resolveCommits(
  claims: readonly CommitClaim[],
  repository: Repository,
  start: RunStart,
  end: string | null,
): Promise<RunCommit[]> {
  const byHash = await repository.find(claims.flatMap(({ hash }) => hash ?? []));
  const amended = amendedIds(claims);
  const silent = claims.filter(({ id, hash, resets }) => hash === null && resets === 0 && !amended.has(id));
  const commits = claims.flatMap((claim): RunCommit[] => {
    if (claim.hash === null || amended.has(claim.id)) return [];
    const known = byHash.get(claim.hash);
    // Any program may print git's line: only a commit command that ran in this repository needs no proof.
    const isProven = claim.hasCommand && claim.directory !== null;
    if (known === undefined) return isProven ? asLogged(claim) : [];
    return isProven || isMadeDuring(known, claim, start) ? [asKnown(claim, known)] : [];
  });
  const taken = new Set([...byHash.values()].map(({ oid }) => oid));
  const dated = start.fresh ?? (await datedCommits(silent, repository, start.commit));
  const found = dated.filter(
    // Amending keeps the subject: a commit of the next run may look like one of this run.
    ({ oid, committed }) =>
      !taken.has(oid) && !start.fetched.has(oid) && !(end !== null && committed * 1000 > Date.parse(end)),
  );
  commits.push(...matchDated(silent, found));
  const kept = await withoutRewritten(commits, claims, repository);
  const [first, ...rest] = unique(kept.sort((a, b) => a.claim.id - b.claim.id));
  return first === undefined ? [] : [await withReplaced(first, claims, repository, start.commit), ...rest];
}

/** Whether the repository in a folder has one of the commits that a log shows by hash, or by subject and time. */
export async function hasCommitOf(root: string, claims: readonly CommitClaim[]): Promise<boolean> {
  const repository = claims.length === 0 ? null : await Repository.open(root);
  if (repository === null) return false;
  const commits = await resolveCommits(claims, repository, { commit: null, fresh: null, fetched: new Set() }, null);
  return commits.some(({ known }) => known !== null);
}

/** The commits of a script that no command in the log names. */
export interface ScriptCommits<S> {
  span: S;
  claim: CommitClaim;
  commits: RunCommit[];
}

/**
 * The fresh commits that no command of the log names, made while a command ran that could have made them. Their claims
 * get ids from `nextId` on.
 */
export function scriptCommits<S extends Span>(
  fresh: readonly KnownCommit[],
  resolved: readonly RunCommit[],
  spans: readonly S[],
  nextId: number,
): ScriptCommits<S>[] {
  const hashes = new Set(resolved.map(({ hash }) => hash));
  const found = new Map<S, ScriptCommits<S>>();
  for (const known of fresh) {
    if (hashes.has(known.hash)) continue;
    const span = spans.find((one) => one.commits && isDatedIn(known, one, 0));
    if (span === undefined) continue;
    const claim = found.get(span)?.claim ?? newClaim(nextId + found.size, span.from, span.to, span.directory);
    const commits = found.get(span)?.commits ?? [];
    found.set(span, { span, claim, commits: [...commits, asKnown(claim, known)] });
  }
  return [...found.values()];
}

/** If the first commit of the run amends one of an earlier run, only the difference belongs to this run. */
async function withReplaced(
  commit: RunCommit,
  claims: readonly CommitClaim[],
  repository: Repository,
  start: string | null,
): Promise<RunCommit> {
  const first = claims.find(({ resets }) => resets === 0);
  if (commit.known === null || first === undefined || !first.amends) return commit;
  return { ...commit, replaces: await repository.replacedBy(commit.known, start) };
}

/** The ids of the claims that a later amend surely replaced. */
function amendedIds(claims: readonly CommitClaim[]): Set<number> {
  const amended = new Set<number>();
  for (const [index, claim] of claims.entries()) {
    if (!claim.amends || claim.uncertain) continue;
    const before = claims.slice(0, index).findLast((one) => one.resets === 0 && !amended.has(one.id));
    if (before !== undefined) amended.add(before.id);
  }
  return amended;
}

/** Removes unreachable commits made before the run last rewrote history; other unreachable commits are reported. */
async function withoutRewritten(
  commits: readonly RunCommit[],
  claims: readonly CommitClaim[],
  repository: Repository,
): Promise<RunCommit[]> {
  const rewrite = claims.findLast(({ amends, resets, rewrites }) => amends || resets > 0 || rewrites);
  const unreachable = await repository.unreachable(commits.flatMap(({ known }) => known?.oid ?? []));
  return commits.filter(({ claim, known }) => {
    if (rewrite === undefined || claim.id > rewrite.id) return true;
    // The commit that an amend creates is kept.
    if (claim.id === rewrite.id && claim.amends) return true;
    return known !== null && !unreachable.has(known.oid);
  });
}

async function datedCommits(
  claims: readonly CommitClaim[],
  repository: Repository,
  start: string | null,
): Promise<KnownCommit[]> {
  const times = claims.flatMap(({ from, to }) => (from === null || to === null ? [] : [from, to]));
  if (times.length === 0) return [];
  const seconds = times.map((time) => Math.floor(time / 1000));
  const [from, to] = [Math.min(...seconds), Math.max(...seconds)];
  return await repository.between(from - SLACK_SECONDS, to + SLACK_SECONDS, start);
}

/** Assigns each dated commit to one claim: by its subject, else to a claim without a subject. */
function matchDated(claims: readonly CommitClaim[], found: readonly KnownCommit[]): RunCommit[] {
  const commits: RunCommit[] = [];
  const used = new Set<number>();
  for (const known of found) {
    const near = claims.filter(
      (claim) => isDatedInClaim(known, claim, SLACK_SECONDS) && !(claim.single && used.has(claim.id)),
    );
    const claim =
      near.find(({ subject }) => subject === plainLine(known.subject, MAX_SUBJECT)) ??
      near.find(({ subject }) => subject !== null && known.subject.includes(subject)) ??
      near.find((one) => one.subject === null && isDatedInClaim(known, one, 0));
    if (claim === undefined) continue;
    used.add(claim.id);
    commits.push(asKnown(claim, known));
  }
  return commits;
}

function isMadeDuring(known: KnownCommit, claim: CommitClaim, { fetched }: RunStart): boolean {
  return isDatedInClaim(known, claim, SLACK_SECONDS) && !fetched.has(known.oid);
}

function isDatedInClaim(known: KnownCommit, { from, to }: CommitClaim, slack: number): boolean {
  return from !== null && to !== null && isDatedIn(known, { from, to }, slack);
}

/** Committer dates are whole seconds. */
function isDatedIn({ committed }: KnownCommit, { from, to }: { from: number; to: number }, slack: number): boolean {
  return committed >= Math.floor(from / 1000) - slack && committed <= Math.floor(to / 1000) + slack;
}

function asKnown(claim: CommitClaim, known: KnownCommit): RunCommit {
  return { claim, hash: known.hash, subject: plainLine(known.subject, MAX_SUBJECT), known, replaces: null };
}

/** The commit as the log shows it, if the log shows its hash; a full hash is shortened to git's usual length. */
function asLogged(claim: CommitClaim): RunCommit[] {
  if (claim.hash === null) return [];
  const hash = claim.hash.length >= 40 ? claim.hash.slice(0, 7) : claim.hash;
  return [{ claim, hash, subject: claim.subject ?? "", known: null, replaces: null }];
}

function unique(commits: readonly RunCommit[]): RunCommit[] {
  const seen = new Set<string>();
  return commits.filter(({ hash }) => !seen.has(hash) && seen.add(hash));
}
