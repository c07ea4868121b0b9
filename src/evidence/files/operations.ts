// The operations on files that commands, edits and commits are reduced to, before they are folded into the result of a
// run.

/**
 * What an operation is known from, the best first: git, a structured edit, a command that ran to its end, a command that
 * was stopped or still ran. What the last one did only the repository can tell.
 */
export type Grade = "git" | "edit" | "command" | "unfinished";

/**
 * A file as a command names it. `glob`: the last segments of the path as shell patterns, to be matched against the files
 * there are when the command runs; a pattern without a match is a name.
 */
export interface FilePath {
  path: string;
  glob?: string[];
}

export type Operation =
  /** A new file, according to the log. */
  | { kind: "add"; path: string }
  /** Content of a file that was there. */
  | { kind: "change"; path: string }
  /** Content of a file that may not have been there. */
  | { kind: "write"; path: string }
  /** Lines at the end of a file that most likely was there. */
  | { kind: "append"; path: string }
  /** A file that is there afterwards, unchanged if it was there before. */
  | { kind: "touch"; path: string }
  /** Whether a file may be executed: the one permission git keeps. */
  | { kind: "mode"; path: string; executable: boolean }
  /** A folder is there afterwards. Git has no folders, but what moves there ends up in it. */
  | { kind: "folder"; path: string }
  /** `forced`: it also succeeds where there is nothing (`rm -f`). */
  | ({ kind: "delete"; recursive: boolean; forced: boolean } & FilePath)
  /** `changed`: its content changed as well. */
  | { kind: "move"; from: FilePath; to: string; changed: boolean }
  /** `recursive`: the source may be a folder. */
  | { kind: "copy"; from: FilePath; to: string; recursive: boolean }
  /** Back to what the last commit has: the path and everything under it, or (null) all files. */
  | { kind: "restore"; path: string | null }
  /** Back to how it was when the run began, or when the run committed it. */
  | { kind: "reset"; path: string }
  /** Deletes the untracked files under the path. */
  | { kind: "clean"; path: string }
  | { kind: "stash" }
  | { kind: "unstash" };

/** The files that were there when the run began. */
export interface StartTree {
  /** Whether the file was there; null where unknown (no repository, outside of it). */
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
  /** `complete`: all its changes, not only those that git prints. */
  | { step: "commit"; changes: CommitChange[]; complete: boolean };

/** The paths an operation names. */
export function pathsIn(operation: Operation): string[] {
  if (operation.kind === "move" || operation.kind === "copy") return [operation.from.path, operation.to];
  return "path" in operation && operation.path !== null ? [operation.path] : [];
}

/** The operation with other paths. */
export function withPaths(operation: Operation, map: (path: string) => string): Operation {
  if (operation.kind === "move" || operation.kind === "copy") {
    return { ...operation, from: { ...operation.from, path: map(operation.from.path) }, to: map(operation.to) };
  }
  return "path" in operation && operation.path !== null ? { ...operation, path: map(operation.path) } : operation;
}
