// Scans the files of git's index, which are about to be committed. Files of the worktree may differ from them.
import { ExpectedError } from "../../system/errors.ts";
import { git, gitFields } from "../../system/git.ts";
import { type Finding, findInLine, isBinary } from "./findings.ts";
import type { ScanCount } from "./scan-files.ts";

interface Staged {
  blob: string;
  path: string;
}

/** Scans every file that is added or changed in the index; `root` is the top level of the worktree. */
export async function scanStaged(root: string, report: (finding: Finding) => Promise<void>): Promise<ScanCount> {
  const count: ScanCount = { files: 0, skipped: 0 };
  for (const { blob, path } of await stagedFiles(root)) {
    // By hash, so that no path is read as a flag and no filter of the repository runs.
    const { code, stdout, truncated } = await git(root, ["cat-file", "blob", blob]);
    if (code !== 0 || truncated) {
      const problem = truncated ? "it is too large" : "git cannot read it";
      throw new ExpectedError(`cannot scan \`${path}\`: ${problem}`, { hint: "check it by hand" });
    }
    if (isBinary(stdout)) {
      count.skipped++;
      continue;
    }
    count.files++;
    for (const [index, text] of stdout.split("\n").entries()) {
      for (const finding of findInLine(path, index + 1, text)) await report(finding);
    }
  }
  return count;
}

async function stagedFiles(root: string): Promise<Staged[]> {
  const fields = await gitFields(root, "diff --cached --raw -z --no-renames --no-abbrev --diff-filter=AMT".split(" "));
  if (fields === null) {
    throw new ExpectedError(`\`${root}\` is not a git repository`, {
      hint: "run it inside a git repository, or omit `--staged`",
    });
  }
  const staged: Staged[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, mode = "", , blob = ""] = (fields[at] ?? "").split(" ");
    // Not symbolic links or submodules.
    if (mode.startsWith("100")) staged.push({ blob, path: fields[at + 1] ?? "" });
  }
  return staged;
}
