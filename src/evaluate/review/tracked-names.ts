// The files of the repository that outputs and replies name. Both can also name files that do not exist.
import type { Digest } from "../../digest/digest.ts";
import { gitFields } from "../../system/git.ts";
import { citedPaths } from "./cited-names.ts";

const MAX_NAMES = 200;

/** The tracked files that stand in the outputs and replies of a digest. */
export async function trackedNames(root: string, { timeline }: Digest): Promise<string[]> {
  const texts = timeline.flatMap((item) => {
    if ("reply" in item) return item.reply;
    if ("output_tail" in item) return item.output_tail ?? [];
    return "error_tail" in item ? (item.error_tail ?? []) : [];
  });
  const names = [...new Set(texts.flatMap(citedPaths))]
    .map((path) => path.replace(/^(?:\.{0,2}\/)+/, ""))
    .filter((path) => path !== "" && !/[*?[\]\\\0]/.test(path));
  if (names.length === 0) return [];
  const patterns = names.slice(0, MAX_NAMES).map((path) => `:(top,glob)**/${path}`);
  return (await gitFields(root, ["ls-files", "-z", "--full-name", "--", ...patterns])) ?? [];
}
