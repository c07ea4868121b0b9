// Secrets in what is about to be committed: the blobs of git's index, never the files of the work tree, which may be
// other ones by now.
import { ExpectedError } from "../../system/errors.ts";
import { git, gitFields } from "../../system/git.ts";
import { type Finding, findInLine, isBinary } from "./findings.ts";
import type { ScanCount } from "./scan-files.ts";

interface Staged {
  blob: string;
  path: string;
}

/** Looks through every file that is added or changed in the index; `root` is the top level of the work tree. */
export async function scanStaged(root: string, report: (finding: Finding) => Promise<void>): Promise<ScanCount> {
  const count: ScanCount = { files: 0, skipped: 0 };
  for (const { blob, path } of await stagedFiles(root)) {
    // By its hash: no name is read as a flag, and no filter or converter of the repository is asked.
    const { code, stdout, truncated } = await git(root, ["cat-file", "blob", blob]);
    if (code !== 0 || truncated) {
      const problem = truncated ? "it is too large" : "git does not have it";
      throw new ExpectedError(`cannot look through \`${path}\`: ${problem}`, { hint: "look through it by hand" });
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
  const fields = await gitFields(root, [
    "diff",
    "--cached",
    "--raw",
    "-z",
    "--no-renames",
    "--no-abbrev",
    "--diff-filter=AMT",
  ]);
  if (fields === null) {
    throw new ExpectedError(`\`${root}\` is no git repository`, { hint: "leave `--staged` out, or go to one" });
  }
  const staged: Staged[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, mode = "", , blob = ""] = (fields[at] ?? "").split(" ");
    // Links and submodules hold no text of their own.
    if (mode.startsWith("100")) staged.push({ blob, path: fields[at + 1] ?? "" });
  }
  return staged;
}
