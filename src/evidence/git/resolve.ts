// The commits a run made: what its log claims, checked against the repository where there is one.

import type { Span } from "../files/spans.ts";
import { plainLine } from "../plain-text.ts";
import { type CommitClaim, standingClaims, unannounced } from "./claims.ts";
import { MAX_SUBJECT } from "./output.ts";
import type { KnownCommit, Repository } from "./repository.ts";

/** A commit of the run: as the repository has it, or, where it has it no more, as the log told of it. */
export interface RunCommit {
  claim: CommitClaim;
  hash: string;
  subject: string;
  known: KnownCommit | null;
  /** The commit of an earlier run that this one took the place of. */
  replaces: KnownCommit | null;
}

/** The log's clock may stamp a command a little off its start and end; a known subject makes up for that. */
const SLACK_SECONDS = 1;

/** Without a repository: the claims that stand and told a hash. */
export function commitsByLog(claims: readonly CommitClaim[]): RunCommit[] {
  return standingClaims(claims).flatMap((claim) => ofLog(claim));
}

/**
 * With the repository: true subjects, commits made in silence, none that were amended or rebased away. `fresh`: the
 * commits that were not there when the run began, where somebody looked.
 */
export async function resolveCommits(
  claims: readonly CommitClaim[],
  repository: Repository,
  start: string | null,
  end: string | null,
  fresh: readonly KnownCommit[] | null = null,
): Promise<RunCommit[]> {
  const byHash = await repository.find(claims.flatMap(({ hash }) => hash ?? []));
  const amended = amendedClaims(claims);
  const silent = claims.filter((claim) => claim.hash === null && claim.resets === 0 && !amended.has(claim));
  const commits = claims.flatMap((claim): RunCommit[] => {
    if (claim.hash === null || amended.has(claim)) return [];
    const known = byHash.get(claim.hash);
    if (known === undefined) return ofLog(claim);
    return claim.sure || isWithin(claim, known) ? [ofKnown(claim, known)] : [];
  });
  const taken = new Set([...byHash.values()].map(({ oid }) => oid));
  const dated = fresh ?? (await datedCommits(silent, repository, start));
  const found = dated.filter(
    // Amending leaves the subject: the next run's commit may look like this one's.
    ({ oid, committed }) => !taken.has(oid) && !(end !== null && committed * 1000 > Date.parse(end)),
  );
  for (const [claim, known] of matchDated(silent, found)) commits.push(ofKnown(claim, known));
  const order = new Map(claims.map((claim, index) => [claim, index]));
  const place = ({ claim }: RunCommit) => order.get(claim) ?? 0;
  const standing = await withoutRewritten(commits, claims, repository, place);
  const [first, ...rest] = unique(standing.sort((a, b) => place(a) - place(b)));
  return first === undefined ? [] : [await withReplaced(first, claims, repository, start), ...rest];
}

/** The fresh commits that no command told of, made while a command was at work that could have made them: a script. */
export function scriptedCommits<S extends Span>(
  fresh: readonly KnownCommit[],
  told: readonly RunCommit[],
  spans: readonly S[],
): { span: S; claim: CommitClaim; commits: RunCommit[] }[] {
  const hashes = new Set(told.map(({ hash }) => hash));
  const found = new Map<S, { span: S; claim: CommitClaim; commits: RunCommit[] }>();
  for (const known of fresh) {
    if (hashes.has(known.hash)) continue;
    const span = spans.find((one) => one.commits && isDatedIn(known, one, 0));
    if (span === undefined) continue;
    const claim = found.get(span)?.claim ?? unannounced(span.from, span.to, span.directory);
    const commits = found.get(span)?.commits ?? [];
    found.set(span, { span, claim, commits: [...commits, ofKnown(claim, known)] });
  }
  return [...found.values()];
}

/** An amend before any other commit of the run changed what an earlier run made: only the difference is this run's. */
async function withReplaced(
  commit: RunCommit,
  claims: readonly CommitClaim[],
  repository: Repository,
  start: string | null,
): Promise<RunCommit> {
  const before = claims.find(({ resets }) => resets === 0);
  if (commit.known === null || before === undefined || !before.amends) return commit;
  const replaces = await repository.replacedBy(commit.known, start);
  return { ...commit, replaces };
}

/** The claims that a later amend surely took the place of. */
function amendedClaims(claims: readonly CommitClaim[]): Set<CommitClaim> {
  const amended = new Set<CommitClaim>();
  for (const [index, claim] of claims.entries()) {
    if (!claim.amends || claim.perhaps) continue;
    const before = claims.slice(0, index).findLast((one) => one.resets === 0 && !amended.has(one));
    if (before !== undefined) amended.add(before);
  }
  return amended;
}

/** A lost commit was replaced where the run rewrote history afterwards; otherwise it was made and is reported. */
async function withoutRewritten(
  commits: readonly RunCommit[],
  claims: readonly CommitClaim[],
  repository: Repository,
  place: (commit: RunCommit) => number,
): Promise<RunCommit[]> {
  const lastRewrite = claims.findLastIndex(({ amends, resets, rewrites }) => amends || resets > 0 || rewrites);
  const lost = await repository.unreachable(commits.flatMap(({ known }) => known?.oid ?? []));
  return commits.filter(
    (commit) =>
      place(commit) > lastRewrite ||
      (commit.known !== null && !lost.has(commit.known.oid)) ||
      isLastAmend(commit, claims[lastRewrite]),
  );
}

/** The commit that an amend made is new, though made at the very moment of the rewrite. */
function isLastAmend(commit: RunCommit, rewrite: CommitClaim | undefined): boolean {
  return commit.claim === rewrite && commit.claim.amends;
}

async function datedCommits(
  claims: readonly CommitClaim[],
  repository: Repository,
  start: string | null,
): Promise<KnownCommit[]> {
  const moments = claims.flatMap(({ from, to }) => (from === null || to === null ? [] : [from, to]));
  if (moments.length === 0) return [];
  const seconds = moments.map((moment) => Math.floor(moment / 1000));
  const [from, to] = [Math.min(...seconds), Math.max(...seconds)];
  return await repository.between(from - SLACK_SECONDS, to + SLACK_SECONDS, start);
}

/** Each dated commit goes to one claim: by its subject, else to one that tells none. */
function matchDated(claims: readonly CommitClaim[], found: readonly KnownCommit[]): [CommitClaim, KnownCommit][] {
  const pairs: [CommitClaim, KnownCommit][] = [];
  const used = new Set<CommitClaim>();
  for (const known of found) {
    const near = claims.filter((claim) => isWithin(claim, known) && !(claim.single && used.has(claim)));
    const claim =
      near.find(({ subject }) => subject === plainLine(known.subject, MAX_SUBJECT)) ??
      near.find(({ subject }) => subject !== null && known.subject.includes(subject)) ??
      near.find((one) => one.subject === null && isWithin(one, known, 0));
    if (claim === undefined) continue;
    used.add(claim);
    pairs.push([claim, known]);
  }
  return pairs;
}

function isWithin({ from, to }: CommitClaim, known: KnownCommit, slack = SLACK_SECONDS): boolean {
  return from !== null && to !== null && isDatedIn(known, { from, to }, slack);
}

/** Committer dates are whole seconds. */
function isDatedIn({ committed }: KnownCommit, { from, to }: { from: number; to: number }, slack: number): boolean {
  return committed >= Math.floor(from / 1000) - slack && committed <= Math.floor(to / 1000) + slack;
}

function ofKnown(claim: CommitClaim, known: KnownCommit): RunCommit {
  return { claim, hash: known.hash, subject: plainLine(known.subject, MAX_SUBJECT), known, replaces: null };
}

/** As the log has it, if it tells the hash; a full one is cut to git's usual length. */
function ofLog(claim: CommitClaim): RunCommit[] {
  if (claim.hash === null) return [];
  const hash = claim.hash.length >= 40 ? claim.hash.slice(0, 7) : claim.hash;
  return [{ claim, hash, subject: claim.subject ?? "", known: null, replaces: null }];
}

function unique(commits: readonly RunCommit[]): RunCommit[] {
  const seen = new Set<string>();
  return commits.filter(({ hash }) => !seen.has(hash) && seen.add(hash));
}
