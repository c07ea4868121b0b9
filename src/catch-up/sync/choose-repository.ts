// Which repository a session belongs to, by its own evidence. What it edited counts more than what its commands changed,
// that more than where it began, that more than where its commands ran. Never a coin toss.
import type { WorkLocations } from "../../evidence/work-locations.ts";
import type { Repositories } from "./repositories.ts";

/** What speaks for a repository, the strongest first. */
export const EVIDENCE_KINDS = ["edits", "commands", "cwd", "workdirs"] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

export interface Candidate {
  root: string;
  /** Everything that speaks for it. */
  by: EvidenceKind[];
}

/** The repository, or all that fit; null where nothing tells of one. */
export type Choice = { root: string; by: EvidenceKind } | { candidates: Candidate[] } | null;

export async function chooseRepository(
  cwd: string | null,
  { edited, changed, visited }: Pick<WorkLocations, "edited" | "changed" | "visited">,
  repositories: Repositories,
  isOwnFile: (path: string) => boolean,
): Promise<Choice> {
  const rootsOf = async (folders: Iterable<string>) => {
    const roots = new Set<string>();
    for (const folder of folders) {
      const root = isOwnFile(folder) ? null : await repositories.rootOf(folder);
      if (root !== null) roots.add(root);
    }
    return [...roots];
  };
  const found: Record<EvidenceKind, string[]> = {
    edits: await rootsOf(edited),
    commands: await rootsOf(changed),
    cwd: await rootsOf(cwd === null ? [] : [cwd]),
    workdirs: await rootsOf(visited),
  };
  const [home = null] = found.cwd;
  const strongest = EVIDENCE_KINDS.find((grade) => found[grade].length > 0);
  if (strongest === undefined) return null;
  const named = found[strongest];
  const [root, ...others] = named;
  if (root === undefined) return null;
  if (strongest === "cwd") {
    // All it did was to look around elsewhere.
    const { workdirs } = found;
    const isElsewhere = workdirs.length > 0 && !workdirs.includes(root);
    return isElsewhere ? candidates([root, ...workdirs], found) : { root, by: strongest };
  }
  if (others.length > 0) return candidates(named, found);
  const agrees = home === null || home === root || (await repositories.areOne(home, root));
  return agrees ? { root, by: strongest } : candidates([root, home], found);
}

function candidates(roots: readonly string[], found: Record<EvidenceKind, string[]>): Choice {
  const all = [...new Set(roots)];
  return {
    candidates: all.map((root) => ({ root, by: EVIDENCE_KINDS.filter((grade) => found[grade].includes(root)) })),
  };
}
