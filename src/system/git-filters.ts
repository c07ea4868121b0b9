// Looking at a work tree runs the filters of the files in it: `.gitattributes`, which every clone brings, says which, and
// the configuration of the repository, which a copied folder or an unpacked archive brings, says what they run.
import { ExpectedError } from "./errors.ts";
import { gitFields } from "./git.ts";

const COMMANDS = ["clean", "smudge", "process"];

/**
 * Words before a git command that keep it from running the filters which the repository itself configures. Those of
 * the person's own configuration, as of Git LFS, run on.
 */
export async function withoutForeignFilters(dir: string): Promise<string[]> {
  const words = new Set<string>();
  // The second is that of a linked work tree; where there is none, it is the first again, or an error.
  for (const scope of ["--local", "--worktree"]) {
    const keys = await gitFields(dir, [
      "config",
      scope,
      "--includes",
      "-z",
      "--name-only",
      "--get-regexp",
      "^filter\\.",
    ]);
    for (const key of keys ?? []) for (const setting of disabling(key)) words.add(setting);
  }
  return [...words].flatMap((setting) => ["-c", setting]);
}

/** `filter.<name>.<variable>`; the name may hold anything. */
function disabling(key: string): string[] {
  const filter = key.slice(0, key.lastIndexOf("."));
  // Git would take what follows for the value, and leave the filter as it is.
  if (filter.includes("=")) {
    throw new ExpectedError("the repository configures a filter whose name holds `=`", {
      hint: "look into `.git/config`: nobody calls a filter like that in good faith",
    });
  }
  return [...COMMANDS.map((command) => `${filter}.${command}=`), `${filter}.required=false`];
}
