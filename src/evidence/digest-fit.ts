// Makes a digest fit a byte bound by leaving out whole things, the least telling first, and says what it left out.
import type { Digest, DigestItem } from "./digest.ts";
import { limitFacts, type Omitted } from "./digest-facts.ts";
import { digestBytes } from "./digest-json.ts";

/** The beginning and the end of the timeline stay when there is any room. */
const HEAD_ITEMS = 4;
const TAIL_ITEMS = 12;
/** Room for the counts of what is left out. */
const OMITTED_BYTES = 400;

/** In the order they are left out. */
const RANKS = ["calls", "replies", "edits", "failures", "prompts"] as const;
type Rank = (typeof RANKS)[number];

/** The digest within so many bytes: pure, and the same for the same digest. */
export function fitDigest(digest: Digest, maxBytes: number): Digest {
  if (digestBytes(digest) <= maxBytes) return digest;
  const bound = maxBytes - OMITTED_BYTES;
  let fitted = leaveOut(digest, bound, ["calls", "replies"], HEAD_ITEMS, TAIL_ITEMS);
  for (const most of [60, 20]) fitted = withFewerFacts(fitted, bound, most);
  fitted = leaveOut(fitted, bound, ["edits", "failures", "prompts"], HEAD_ITEMS, TAIL_ITEMS);
  fitted = withFewerFacts(fitted, bound, 5);
  fitted = leaveOut(fitted, bound, RANKS, 1, 3);
  fitted = leaveOut(fitted, bound, RANKS, 0, 0);
  return withFewerFacts(withoutPriorPrompts(fitted, bound), bound, 0);
}

/** Leaves out items of these ranks, the oldest first, between a head and a tail, until the digest fits. */
function leaveOut(digest: Digest, bound: number, ranks: readonly Rank[], head: number, tail: number): Digest {
  let excess = digestBytes(digest) - bound;
  if (excess <= 0) return digest;
  const omitted: Omitted = { ...digest.omitted };
  const gone = new Set<DigestItem>();
  const middle = digest.timeline.slice(head, Math.max(head, digest.timeline.length - tail));
  for (const rank of ranks) {
    for (const item of middle) {
      if (excess <= 0) break;
      if (rankOf(item) !== rank) continue;
      gone.add(item);
      omitted[rank] = (omitted[rank] ?? 0) + 1;
      excess -= digestBytes(item) + 1;
    }
  }
  return { ...digest, timeline: digest.timeline.filter((item) => !gone.has(item)), omitted };
}

function withFewerFacts(digest: Digest, bound: number, most: number): Digest {
  if (digestBytes(digest) <= bound) return digest;
  const { facts, omitted } = limitFacts(digest.facts, most);
  return { ...digest, facts, omitted: addCounts(digest.omitted, omitted) };
}

function withoutPriorPrompts(digest: Digest, bound: number): Digest {
  if (digestBytes(digest) <= bound || digest.prior_prompts.length === 0) return digest;
  const omitted = addCounts(digest.omitted, { prior_prompts: digest.prior_prompts.length });
  return { ...digest, prior_prompts: [], omitted };
}

export function addCounts(a: Omitted, b: Omitted): Omitted {
  const sum = { ...a };
  for (const [name, count] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}

function rankOf(item: DigestItem): Rank {
  if ("prompt" in item) return "prompts";
  if ("reply" in item) return "replies";
  if ("notice" in item) return "failures";
  if ("search" in item) return "calls";
  if (item.outcome === "failed" || item.outcome === "interrupted") return "failures";
  return "edit" in item ? "edits" : "calls";
}
