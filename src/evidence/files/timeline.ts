// The file operations and commits of a run in the order they happened, as the log shows them.
import type { EditEvent, RewindEvent } from "../../events/event.ts";
import type { PlacedClaim } from "../git/commit-claims.ts";
import type { CommandRun, SimpleCommand } from "../shell/read-command.ts";
import { hasOption, resolveFrom } from "../shell/words.ts";
import { readFileOperations } from "./file-commands.ts";
import { observedOperations } from "./observed-changes.ts";
import { type Grade, type Operation, withPaths } from "./operations.ts";

export type TimelineItem =
  /** `isGuess`: the log does not name the file; it is the run's only where no other run was working. */
  | { item: "operation"; operation: Operation; grade: Grade; isGuess?: boolean }
  /** `git add` of everything in the folder; null for the whole repository. `tracked`: except new files. */
  | { item: "stage-all"; folder: string | null; tracked: boolean }
  | { item: "commit"; claimId: number };

/** What an edit did to files. Paths are absolute where the log has the working directory. */
export function editItems(event: EditEvent): TimelineItem[] {
  if (event.outcome !== "ok") return [];
  const at = (path: string) => (event.cwd === null ? path : (resolveFrom(event.cwd, path) ?? path));
  return event.changes.map(({ type, path, movedTo, diff }): TimelineItem => {
    const operation: Operation =
      movedTo !== null
        ? { kind: "move", from: { path: at(path) }, to: at(movedTo), changed: diff === null || diff !== "" }
        : type === "add"
          ? { kind: "add", path: at(path) }
          : type === "delete"
            ? { kind: "delete", path: at(path), recursive: false, forced: false }
            : { kind: "change", path: at(path) };
    return { item: "operation", operation, grade: "edit" };
  });
}

/** The files a rewind restored. */
export function rewindItems({ restored }: RewindEvent): TimelineItem[] {
  return restored.map((path) => ({ item: "operation", operation: { kind: "reset", path }, grade: "edit" }));
}

/** What a command did to files, and the commits it made, in the order of its script. */
export function commandItems(run: CommandRun, claims: readonly PlacedClaim[]): TimelineItem[] {
  const { cwd } = run.event;
  const ended = run.end === "zero" || run.end === "nonzero";
  const grade = ended ? "command" : "unfinished";
  const known = run.commands.map((command) => (command.ran === "yes" ? operationsOf(command, cwd) : []));
  // Observed changes come first: the same command may commit or revert them.
  const items: TimelineItem[] = observedOperations(run, known.flat()).map((observed) => ({
    item: "operation",
    grade,
    ...observed,
  }));
  const addCommits = (index: number) => {
    for (const { command, claim } of claims) if (command === index) items.push({ item: "commit", claimId: claim.id });
  };
  for (const [index, command] of run.commands.entries()) {
    const staging = ended && command.ran === "yes" ? stageAll(command, cwd) : null;
    if (staging !== null) items.push(staging);
    for (const operation of known[index] ?? []) items.push({ item: "operation", operation, grade });
    addCommits(index);
  }
  // No command can be named for the commits of a script that cannot be parsed.
  addCommits(-1);
  return items;
}

/** Whether an item is an operation that surely happened according to the log: neither unfinished nor a guess. */
export function isCertain(item: TimelineItem): item is TimelineItem & { item: "operation" } {
  return item.item === "operation" && item.grade !== "unfinished" && item.isGuess !== true;
}

/** Inserts commits into a timeline, each before the item at the given index. */
export function withCommits(
  timeline: readonly TimelineItem[],
  commits: readonly { index: number; claimId: number }[],
): TimelineItem[] {
  const items: TimelineItem[] = [];
  const waiting = commits.toSorted((a, b) => b.index - a.index);
  for (let index = 0; index <= timeline.length; index++) {
    for (let next = waiting.at(-1); next?.index === index; next = waiting.at(-1)) {
      items.push({ item: "commit", claimId: next.claimId });
      waiting.pop();
    }
    const item = timeline[index];
    if (item !== undefined) items.push(item);
  }
  return items;
}

function operationsOf(command: SimpleCommand, cwd: string | null): Operation[] {
  const operations = readFileOperations(command);
  return cwd === null ? operations : operations.map((one) => withPaths(one, (path) => resolveFrom(cwd, path) ?? path));
}

/** `git add -A`, `git add .`, `git commit -a`: the next commit has every change. */
function stageAll({ git, succeeded }: SimpleCommand, cwd: string | null): TimelineItem | null {
  if (git === null || git.directory === null || succeeded === false) return null;
  const { verb, args } = git;
  const stage = (folder: string | null, tracked = false): TimelineItem => ({ item: "stage-all", folder, tracked });
  if (verb === "commit") return hasOption(args, "-a", "--all") ? stage(null, true) : null;
  if ((verb !== "add" && verb !== "stage") || hasOption(args, "-n", "--dry-run", "-p", "-i", "-N")) return null;
  const operands = args.map(({ value }) => value).filter((value) => value === null || !/^-/.test(value));
  if (hasOption(args, "-u", "--update")) return operands.length === 0 ? stage(null, true) : null;
  if (operands.length === 0) return hasOption(args, "-A", "--all") ? stage(null) : null;
  if (operands.every((path) => path === ":/")) return stage(null);
  if (!operands.every((path) => path === "." || path === "./")) return null;
  return stage(cwd === null ? git.directory : resolveFrom(cwd, git.directory));
}
