// Reads `git status --porcelain=v2 --branch -z --no-renames`: https://git-scm.com/docs/git-status#_porcelain_format_version_2

export interface DirtyFile {
  path: string;
  /** `<mode> <object>` where git tells it: the index has what the working tree has. Null: the file must be read. */
  content: string | null;
  submodule: boolean;
}

export interface Status {
  head: string | null;
  branch: string | null;
  files: DirtyFile[];
}

const OID = /^[0-9a-f]{40,64}$/;
/** Fields of a line before the path, by its kind: a changed file, an unmerged one, an untracked one. */
const FIELDS: Record<string, number> = { "1": 8, u: 10, "?": 1 };

export function readStatus(lines: readonly string[]): Status {
  const status: Status = { head: null, branch: null, files: [] };
  for (const line of lines) {
    const words = line.split(" ");
    const [kind = "", name = "", value = ""] = words;
    if (kind === "#") {
      if (name === "branch.oid") status.head = OID.test(value) ? value : null;
      if (name === "branch.head") status.branch = value === "(detached)" ? null : value;
      continue;
    }
    const count = FIELDS[kind];
    if (count === undefined) continue;
    const path = words.slice(count).join(" ");
    // A folder is a repository of its own that git does not look into.
    if (path === "" || path.endsWith("/")) continue;
    const [, , submodule = "", , , mode, , object] = words;
    const staged = kind === "1" && name.endsWith(".") && mode !== "000000";
    status.files.push({
      path,
      content: staged ? `${mode} ${object}` : null,
      submodule: kind === "1" && submodule.startsWith("S"),
    });
  }
  return status;
}
