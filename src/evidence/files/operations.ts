// What happens to files, in the order it happened: the language between commands, edits and git on one side and the
// fold that nets them out on the other.

/**
 * How far a claim can be trusted: git's own account, a structured edit, a command that ran, one that was stopped or
 * still ran at the end. What the last one did only the repository can tell.
 */
export type Grade = "git" | "edit" | "command" | "supposed";

/**
 * A file as a command names it. `glob`: the last segments of the path as shell patterns; they stand for what they
 * match when the command runs, or for themselves where they match nothing.
 */
export interface FilePath {
  path: string;
  glob?: string[];
}

export type Operation =
  /** A new file, by the word of who made it. */
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
  /** A folder is there afterwards. Git knows no folders, but what moves there lands in it. */
  | { kind: "folder"; path: string }
  /** `forced`: succeeds also where there is nothing (`rm -f`). */
  | ({ kind: "delete"; recursive: boolean; forced: boolean } & FilePath)
  /** `changed`: its content changed as well. */
  | { kind: "move"; from: FilePath; to: string; changed: boolean }
  /** `recursive`: it may be a folder that is copied. */
  | { kind: "copy"; from: FilePath; to: string; recursive: boolean }
  /** Back to what the last commit has: the path and all under it, or everything. */
  | { kind: "restore"; path: string | null }
  /** As it was before anything was done to it. */
  | { kind: "reset"; path: string }
  /** Away with what git does not know under the path. */
  | { kind: "clean"; path: string }
  | { kind: "stash" }
  | { kind: "unstash" };

/** What was there when the run began. */
export interface StartTree {
  /** Whether the file was there; null where nobody knows (no repository, outside of it). */
  has(path: string): boolean | null;
  /** The files in a folder, its subfolders included. */
  under(folder: string): string[];
  /** What names the file's content and mode in git; null where there is no such file or nobody knows. */
  content(path: string): string | null;
}

export const NOBODY_KNOWS: StartTree = { has: () => null, under: () => [], content: () => null };

/** What a commit changed, in git's own words. */
export interface CommitChange {
  status: "A" | "M" | "D" | "R";
  path: string;
  /** Where a renamed file came from. */
  from: string | null;
  /** Whether its content differs, for a renamed file. */
  changed: boolean;
  /** What names its content and mode in git; null for a deleted file, or where nobody knows. */
  content: string | null;
}

export type Step =
  | { step: "operation"; operation: Operation; grade: Grade }
  /** Everything that differs from the last commit goes into the next one; `tracked`: only files git knows. */
  | { step: "stage-all"; folder: string; tracked: boolean }
  /** `complete`: all that it changed, not only what git cared to print. */
  | { step: "commit"; changes: CommitChange[]; complete: boolean };
