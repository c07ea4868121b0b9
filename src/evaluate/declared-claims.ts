// What a model declares about a bullet: the kinds of outcome that it claims, and the facts that show them. A kind that
// none of these facts shows is not supported.
import type { Digest } from "../digest/digest.ts";
import type { OutcomeKind } from "../digest/outcomes.ts";

export const CLAIM_KINDS = [
  "tests_passed",
  "tests_failed",
  "committed",
  "pushed",
  "tagged",
  "merged",
  "reverted",
  "released",
  "published",
  "deployed",
  "pull_request",
  "ci",
  "built",
  "linted",
  "installed",
  "created",
  "deleted",
  "fixed",
  "counted",
  "measured",
] as const;
export type ClaimKind = (typeof CLAIM_KINDS)[number];

export interface Declaration {
  /** Ids of facts, and names of the lists of touched files. */
  facts: string[];
  claims: ClaimKind[];
}

/** The outcomes that show a kind of claim, if they were done. */
const OUTCOMES: Partial<Record<ClaimKind, readonly OutcomeKind[]>> = {
  pushed: ["pushed"],
  tagged: ["tagged"],
  merged: ["merged", "pulled", "pr_merged"],
  reverted: ["reverted", "reset", "rolled_back"],
  released: ["released", "published", "tagged"],
  published: ["published"],
  deployed: ["deployed"],
  pull_request: ["pr_opened", "pr_merged", "pr_reviewed", "pr_closed"],
  built: ["built"],
  linted: ["linted"],
  installed: ["installed"],
};

/** Whether each kind of claim is shown by a fact that the declaration names. */
export function isSupported({ facts: ids, claims }: Declaration, { facts }: Digest): boolean {
  const cited = <T extends { id?: string }>(list: readonly T[] = []) => list.filter(({ id = "" }) => ids.includes(id));
  const { created, modified, deleted, moved } = facts.touched_files;
  const lists = { created, modified, deleted, moved };
  const hasList = (name: keyof typeof lists) => ids.includes(name) && lists[name].length > 0;
  const outcomes = cited(facts.outcomes);
  const tests = cited(facts.tests);
  const commits = cited(facts.commits);
  const isAnyFact = [outcomes, tests, commits, cited(facts.failed_commands)].some((list) => list.length > 0);
  const hasFiles = hasList("created") || hasList("modified") || hasList("deleted") || hasList("moved");
  return claims.every((kind) => {
    switch (kind) {
      case "tests_passed":
        return tests.some(({ result }) => result !== "fail");
      case "tests_failed":
        return tests.some(({ result }) => result !== "pass");
      case "committed":
        return commits.length > 0;
      case "ci":
        return outcomes.some((outcome) => outcome.kind === "ci_checked");
      case "created":
        return hasList("created");
      case "deleted":
        return hasList("deleted") || outcomes.some((outcome) => outcome.kind === "branch_deleted");
      case "fixed":
        return hasFiles || commits.length > 0;
      case "counted":
      case "measured":
        return isAnyFact || hasFiles;
      case "merged":
        // A merge with conflicts fails and ends with a commit.
        if (outcomes.some((outcome) => outcome.kind === "merged") && commits.length > 0) return true;
        break;
      default:
    }
    return outcomes.some((outcome) => outcome.result !== "failed" && OUTCOMES[kind]?.includes(outcome.kind));
  });
}
