// Makes a digest fit a byte bound by leaving out whole things, the least telling first, and says what it left out. What
// must stay is cut in the end: the bound holds whatever the digest.
import { mapStrings } from "../secrets/map-strings.ts";
import type { Digest, DigestItem } from "./digest.ts";
import { limitFacts, type Omitted } from "./facts.ts";
import { digestBytes } from "./json.ts";
import { shorten } from "./text.ts";

/** How many items at the beginning and at the end of the timeline stay as long as there is room. */
const ENDS = { head: 4, tail: 12 };
/** How many stay in any case, though cut. */
const FEW = { head: 1, tail: 3 };
const FEWEST = { head: 1, tail: 1 };
/** To so many characters each text of those is cut, first and last. */
const CUT = [300, 40] as const;
const CUT_PATHS = 3;
/** Room for the counts of what is left out. */
const OMITTED_BYTES = 400;

/** In the order they are left out. */
const RANKS = ["calls", "replies", "edits", "failures", "prompts"] as const;
type Rank = (typeof RANKS)[number];

/** The digest within so many bytes: pure, and the same for the same digest. */
export function fitDigest(digest: Digest, maxBytes: number): Digest {
  if (digestBytes(digest) <= maxBytes) return digest;
  const bound = maxBytes - OMITTED_BYTES;
  let fitted = leaveOut(digest, bound, ["calls", "replies"], ENDS);
  for (const most of [60, 20]) fitted = withFewerFacts(fitted, bound, most);
  fitted = leaveOut(fitted, bound, ["edits", "failures", "prompts"], ENDS);
  fitted = withFewerFacts(fitted, bound, 5);
  fitted = leaveOut(fitted, bound, RANKS, FEW);
  fitted = withoutPriorPrompts(fitted, bound);
  fitted = cutTexts(fitted, bound, CUT[0]);
  fitted = withFewerFacts(fitted, bound, 0);
  fitted = leaveOut(fitted, bound, RANKS, FEWEST);
  return cutTexts(fitted, bound, CUT[1]);
}

/** Leaves out items of these ranks, the oldest first, between a head and a tail, until the digest fits. */
function leaveOut(
  digest: Digest,
  bound: number,
  ranks: readonly Rank[],
  { head, tail }: { head: number; tail: number },
): Digest {
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

/** Cuts every text of the timeline, and the names, to so many characters. */
function cutTexts(digest: Digest, bound: number, max: number): Digest {
  if (digestBytes(digest) <= bound) return digest;
  const { label, project, ...about } = digest.about;
  const cut = (text: string) => shorten(text, max);
  return {
    ...digest,
    about: { ...about, label: cut(label), project: cut(project) },
    timeline: digest.timeline.map((item) => mapStrings(withFewerPaths(item), cut)),
  };
}

function withFewerPaths(item: DigestItem): DigestItem {
  if (!("edit" in item)) return item;
  const more = Math.max(0, item.edit.length - CUT_PATHS);
  if (more === 0) return item;
  return { ...item, edit: item.edit.slice(0, CUT_PATHS), more_paths: (item.more_paths ?? 0) + more };
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
