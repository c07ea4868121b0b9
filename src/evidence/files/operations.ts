// The operations on files that commands, edits and commits are reduced to, before they are folded into the result of a
// run.

/**
 * What an operation is known from, the best first: git, a structured edit, a command that ran to its end, a command that
 * was stopped or still ran. Only the repository shows the effect of the last kind.
 */
export type Grade = "git" | "edit" | "command" | "unfinished";

/**
 * A file as a command names it. `glob`: the last segments of the path as shell patterns, to be matched against the files
 * that exist when the command runs; a pattern without a match is a file name.
 */
export interface FilePath {
  path: string;
  glob?: string[];
}

export type Operation =
  /** A new file, according to the log. */
  | { kind: "add"; path: string }
  /** New content for a file that existed. */
  | { kind: "change"; path: string }
  /** New content for a file that may not have existed. */
  | { kind: "write"; path: string }
  /** New lines at the end of a file that most likely existed. */
  | { kind: "append"; path: string }
  /** The file exists afterwards; it is unchanged if it existed before. */
  | { kind: "touch"; path: string }
  /** Sets whether a file is executable: the only permission git stores. */
  | { kind: "mode"; path: string; executable: boolean }
  /** The folder exists afterwards. Git stores no folders, but a file moved to this path ends up inside the folder. */
  | { kind: "folder"; path: string }
  /** `forced`: the command succeeds even if no such file exists (`rm -f`). */
  | ({ kind: "delete"; recursive: boolean; forced: boolean } & FilePath)
  /** `changed`: its content changed as well. */
  | { kind: "move"; from: FilePath; to: string; changed: boolean }
  /** `recursive`: the source may be a folder. */
  | { kind: "copy"; from: FilePath; to: string; recursive: boolean }
  /** Restores the last commit's version of the path and everything under it; of all files if null. */
  | { kind: "restore"; path: string | null }
  /** Restores the file as it was when the run began, or when the run last committed it. */
  | { kind: "reset"; path: string }
  /** Deletes the untracked files under the path. */
  | { kind: "clean"; path: string }
  /** `untracked`: it takes new files too (`git stash -u`). */
  | { kind: "stash"; untracked: boolean }
  | { kind: "unstash" };

/** The files that existed when the run began. */
export interface StartTree {
  /** Whether the file existed; null if unknown (no repository, or a path outside of it). */
  has(path: string): boolean | null;
  /** The files in a folder, its subfolders included. */
  under(folder: string): string[];
  /** The file's mode and object in git; null where there is no such file, or where it is unknown. */
  content(path: string): string | null;
}

export const UNKNOWN_TREE: StartTree = { has: () => null, under: () => [], content: () => null };

/** A change of a commit to one file. */
export interface CommitChange {
  status: "A" | "M" | "D" | "R";
  path: string;
  /** Where a renamed file came from. */
  from: string | null;
  /** Whether the content differs: a renamed file may keep it. */
  changed: boolean;
  /** Its mode and object in git; null for a deleted file, or where it is unknown. */
  content: string | null;
}

export type Step =
  | { step: "operation"; operation: Operation; grade: Grade }
  /** Everything in the folder that differs from the last commit is staged; `tracked`: except new files. */
  | { step: "stage-all"; folder: string; tracked: boolean }
  /** `complete`: `changes` has all changes of the commit, not only those that git prints. */
  | { step: "commit"; changes: CommitChange[]; complete: boolean };

/** The paths an operation names. */
export function pathsIn(operation: Operation): string[] {
  if (operation.kind === "move" || operation.kind === "copy") return [operation.from.path, operation.to];
  return "path" in operation && operation.path !== null ? [operation.path] : [];
}

/** The operation with each path replaced by `map`. */
export function withPaths(operation: Operation, map: (path: string) => string): Operation {
  if (operation.kind === "move" || operation.kind === "copy") {
    return { ...operation, from: { ...operation.from, path: map(operation.from.path) }, to: map(operation.to) };
  }
  return "path" in operation && operation.path !== null ? { ...operation, path: map(operation.path) } : operation;
}
