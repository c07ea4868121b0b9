// The commits that a run fetched or pulled, by the reflogs: others made them.
import { gitFields, gitText } from "../../system/git.ts";

const MAX_REFLOG_ENTRIES = 5_000;
const MAX_FETCHES = 50;
const MAX_COMMITS = 5_000;

/**
 * The ids of the commits that fetches and pulls brought since a time. Empty in a clone that was made later, whose
 * reflogs do not go back so far.
 */
export async function fetchedSince(root: string, start: string | null): Promise<Set<string>> {
  const seconds = Math.floor(Date.parse(start ?? "") / 1000);
  const fetched = new Set<string>();
  if (Number.isNaN(seconds)) return fetched;
  for (const range of (await fetchedRanges(root, seconds)).slice(0, MAX_FETCHES)) {
    const listed = await gitText(root, ["rev-list", "-n", `${MAX_COMMITS}`, "--stdin"], `${range.join("\n")}\n`);
    for (const oid of (listed ?? "").split("\n")) fetched.add(oid);
  }
  return fetched;
}

/** For each fetch, the new and the old position of the ref that it moved: `<new> ^<old>`. */
async function fetchedRanges(root: string, since: number): Promise<string[][]> {
  // `<ref>@{<seconds>}`, newest first within a ref.
  const format = "--format=%gD%x00%H%x00%gs";
  const reflogs = ["log", "-z", "-g", "--all", "--date=unix", "-n", `${MAX_REFLOG_ENTRIES}`, format];
  const fields = (await gitFields(root, reflogs)) ?? [];
  const newer = new Map<string, { oid: string; isFetch: boolean }>();
  const ranges: string[][] = [];
  for (let index = 0; index + 2 < fields.length; index += 3) {
    const [selector = "", oid = "", action = ""] = fields.slice(index, index + 3);
    const [, ref = "", at = ""] = /^(.*)@\{(\d+)\}$/.exec(selector) ?? [];
    const after = newer.get(ref);
    if (after?.isFetch) ranges.push([after.oid, `^${oid}`]);
    const isRemote = ref.startsWith("refs/remotes/");
    const brings = isRemote ? /^(?:fetch|pull)\b/ : /^pull\b.*: (?:fast-forward|checkout )/i;
    newer.set(ref, { oid, isFetch: Number(at) >= since && brings.test(action) });
  }
  return ranges;
}
