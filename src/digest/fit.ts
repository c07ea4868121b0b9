// Reduces a digest to a number of bytes: first omits whole items, the least informative ones before the others, then
// shortens the remaining texts, so that the bound holds for every digest.
import { mapStrings } from "../secrets/map-strings.ts";
import { shorten } from "./clean-text.ts";
import { type Digest, type DigestItem, digestBytes, ITEM_KINDS, type ItemKind, kindOf } from "./digest.ts";
import { addCounts, limitFacts, type Omitted } from "./facts.ts";

interface Ends {
  head: number;
  tail: number;
}

/** How many items are kept at each end of the timeline: at first, and if the digest is still too large. */
const MANY: Ends = { head: 4, tail: 12 };
const FEW: Ends = { head: 1, tail: 3 };
const FEWEST: Ends = { head: 1, tail: 1 };
/** The maximum length of each text of the timeline: at first, and if the digest is still too large. */
const SHORT = 300;
const SHORTEST = 40;
const MAX_PATHS = 3;
/** Room for the counts of omitted items. */
const OMITTED_BYTES = 400;

/** The digest within `maxBytes`. Pure and deterministic. */
export function fitDigest(digest: Digest, maxBytes: number): Digest {
  if (digestBytes(digest) <= maxBytes) return digest;
  const bound = maxBytes - OMITTED_BYTES;
  let fitted = leaveOut(digest, bound, ["calls", "replies"], MANY);
  for (const max of [60, 20]) fitted = withFewerFacts(fitted, bound, max);
  fitted = leaveOut(fitted, bound, ["edits", "failures", "prompts"], MANY);
  fitted = withFewerFacts(fitted, bound, 5);
  fitted = leaveOut(fitted, bound, ITEM_KINDS, FEW);
  fitted = withoutPriorPrompts(fitted, bound);
  fitted = shortenTexts(fitted, bound, SHORT);
  fitted = withFewerFacts(fitted, bound, 0);
  fitted = leaveOut(fitted, bound, ITEM_KINDS, FEWEST);
  return shortenTexts(fitted, bound, SHORTEST);
}

/** Omits items of these kinds between the two ends, kind by kind and oldest first, until the digest fits. */
function leaveOut(digest: Digest, bound: number, kinds: readonly ItemKind[], { head, tail }: Ends): Digest {
  let excess = digestBytes(digest) - bound;
  if (excess <= 0) return digest;
  const omitted: Omitted = { ...digest.omitted };
  const removed = new Set<DigestItem>();
  const middle = digest.timeline.slice(head, Math.max(head, digest.timeline.length - tail));
  for (const kind of kinds) {
    for (const item of middle) {
      if (excess <= 0) break;
      if (kindOf(item) !== kind) continue;
      removed.add(item);
      omitted[kind] = (omitted[kind] ?? 0) + 1;
      excess -= digestBytes(item) + 1;
    }
  }
  return { ...digest, timeline: digest.timeline.filter((item) => !removed.has(item)), omitted };
}

function withFewerFacts(digest: Digest, bound: number, max: number): Digest {
  if (digestBytes(digest) <= bound) return digest;
  const { facts, omitted } = limitFacts(digest.facts, max);
  return { ...digest, facts, omitted: addCounts(digest.omitted, omitted) };
}

function withoutPriorPrompts(digest: Digest, bound: number): Digest {
  if (digestBytes(digest) <= bound || digest.prior_prompts.length === 0) return digest;
  const omitted = addCounts(digest.omitted, { prior_prompts: digest.prior_prompts.length });
  return { ...digest, prior_prompts: [], omitted };
}

/** Shortens every text of the timeline, the label and the project's name. */
function shortenTexts(digest: Digest, bound: number, max: number): Digest {
  if (digestBytes(digest) <= bound) return digest;
  const { label, project, ...about } = digest.about;
  const short = (text: string) => shorten(text, max);
  return {
    ...digest,
    about: { ...about, label: short(label), project: short(project) },
    timeline: digest.timeline.map((item) => mapStrings(withFewerPaths(item), short)),
  };
}

function withFewerPaths(item: DigestItem): DigestItem {
  if (!("edit" in item)) return item;
  const more = Math.max(0, item.edit.length - MAX_PATHS);
  if (more === 0) return item;
  return { ...item, edit: item.edit.slice(0, MAX_PATHS), more_paths: (item.more_paths ?? 0) + more };
}
