// What git commands (except commits) and patches do to the files of the working tree.
import type { GitCommand } from "../shell/read-command.ts";
import { hasOption, resolveFrom, type ShellWord } from "../shell/words.ts";
import { filesOf, operandsOf, pairsOf, pathsOf, type Resolve } from "./arguments.ts";
import type { Operation } from "./operations.ts";

/** `input`: the patch that `git apply` reads, where it is known. */
export function gitFileOperations({ verb, args, directory }: GitCommand, input: string | null): Operation[] {
  const at: Resolve = (path) => (path.startsWith(":") ? null : resolveFrom(directory, path));
  return VERBS[verb]?.({ args, at, directory, input }) ?? [];
}

/** Whether a git subcommand can change files of the working tree. */
export function touchesFiles(verb: string): boolean {
  return VERBS[verb] !== undefined;
}

interface GitCall {
  args: readonly ShellWord[];
  at: Resolve;
  directory: string | null;
  input: string | null;
}

const VERBS: Record<string, (call: GitCall) => Operation[]> = {
  __proto__: null as never,
  mv: ({ args, at }) => {
    return isDry(args) ? [] : pairsOf(args, at).map((pair) => ({ kind: "move", ...pair, changed: false }));
  },
  rm: ({ args, at }) => {
    if (isDry(args) || hasOption(args, "--cached")) return [];
    const forced = hasOption(args, "-f", "--ignore-unmatch");
    const recursive = hasOption(args, "-r");
    return filesOf(operandsOf(args), at).map((file) => ({ kind: "delete", ...file, recursive, forced }));
  },
  restore: ({ args, at }) => {
    if (hasOption(args, "--staged", "-S") && !hasOption(args, "--worktree", "-W")) return [];
    const other = args.some(({ value }) => value?.startsWith("--source") || value === "-s");
    return pathsOf(args, at, "-s --source").map((path) => ({ kind: other ? "change" : "restore", path }));
  },
  checkout: ({ args, at }) => checkout(args, at),
  reset: ({ args }) => (hasOption(args, "--hard") ? [{ kind: "restore", path: null }] : []),
  clean: ({ args, directory }) => {
    return directory === null || isDry(args) ? [] : [{ kind: "clean", path: directory }];
  },
  stash: ({ args }) => {
    const action = args[0]?.value ?? "push";
    if (action === "pop" || action === "apply") return [{ kind: "unstash" }];
    if (action !== "push" && action !== "save" && !action.startsWith("-")) return [];
    return [{ kind: "stash", untracked: hasOption(args, "-u", "--include-untracked", "-a", "--all") }];
  },
  apply: ({ args, at, input }) => {
    if (input === null || hasOption(args, "--check", "--stat", "--cached", "--summary", "--numstat")) return [];
    return patchOperations(input, at, args, 1);
  },
};

function isDry(args: readonly ShellWord[]): boolean {
  return hasOption(args, "-n", "--dry-run");
}

/** `git checkout [revision] [--] paths`. */
function checkout(args: readonly ShellWord[], at: Resolve): Operation[] {
  if (hasOption(args, "-b", "-B", "--orphan", "--detach", "-p")) return [];
  const separator = args.findIndex(({ value }) => value === "--");
  const before = operandsOf(separator === -1 ? args : args.slice(0, separator));
  const typed = before[0]?.value ?? "";
  const isRevision = separator === -1 ? REVISION.test(typed) : before.length > 0 && typed !== "HEAD";
  const paths = separator === -1 ? before.slice(isRevision || typed === "HEAD" ? 1 : 0) : args.slice(separator);
  return pathsOf(paths, at).map((path) => ({ kind: isRevision ? "change" : "restore", path }));
}

/** Words that are more likely a revision than a file. */
const REVISION = /^(HEAD[~^@].*|[0-9a-f]{7,64}|(origin|upstream)\/.*|main|master)$/;

/** What a patch does. `strip`: how many leading parts of its paths are removed, unless `-p` says otherwise. */
export function patchOperations(patch: string, at: Resolve, args: readonly ShellWord[], strip: number): Operation[] {
  const given = args.map(({ value }) => /^-p(\d)$/.exec(value ?? "")?.[1]).find((count) => count !== undefined);
  const reverse = hasOption(args, "-R", "--reverse");
  return readUnifiedDiff(patch, given === undefined ? strip : Number(given)).flatMap(({ from, to }): Operation[] => {
    const [before, after] = reverse ? [to, from] : [from, to];
    const source = before === null ? null : at(before);
    const target = after === null ? null : at(after);
    if (target === null)
      return source === null ? [] : [{ kind: "delete", path: source, recursive: false, forced: false }];
    if (source === null) return [{ kind: "add", path: target }];
    if (source === target) return [{ kind: "change", path: target }];
    return [{ kind: "move", from: { path: source }, to: target, changed: true }];
  });
}

/** One file of a diff; null on the side where it does not exist. */
interface DiffPaths {
  from: string | null;
  to: string | null;
}

/** Reads `--- a/x`, `+++ b/x`, `rename from`, `rename to`; `strip` leading parts are taken off, as `patch -p1` does. */
function readUnifiedDiff(diff: string, strip: number): DiffPaths[] {
  const files: DiffPaths[] = [];
  const lines = diff.split("\n");
  for (const [index, line] of lines.entries()) {
    const next = lines[index + 1] ?? "";
    if (line.startsWith("--- ") && next.startsWith("+++ ") && (lines[index + 2] ?? "").startsWith("@@")) {
      files.push({ from: diffPath(line, strip), to: diffPath(next, strip) });
    } else if (line.startsWith("rename from ") && next.startsWith("rename to ")) {
      files.push({ from: line.slice("rename from ".length), to: next.slice("rename to ".length) });
    }
  }
  return files;
}

function diffPath(line: string, strip: number): string | null {
  const path = line.slice(4).replace(/\t.*$/, "").trim();
  if (path === "/dev/null") return null;
  return path.split("/").slice(strip).join("/");
}
