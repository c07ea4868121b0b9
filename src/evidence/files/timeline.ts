// A run's file operations and commits in the order they happened, as its log tells; netted out when the run is over.
import type { CommandEvent, EditEvent, RewindEvent } from "../../events/event.ts";
import type { CommandEnd } from "../command-end.ts";
import type { CommitClaim, MadeCommits } from "../git/claims.ts";
import { hasOption, readGitWords } from "../git/words.ts";
import { resolveFrom } from "../shell/builtins.ts";
import type { SimpleCommand } from "../shell/shell.ts";
import { readFileOperations } from "./commands.ts";
import type { Grade, Operation } from "./operations.ts";
import { seenOperations } from "./seen.ts";

export type TimelineItem =
  /** `isGuess`: the log does not name the file as this run's; it is one where nobody else was at work. */
  | { item: "operation"; operation: Operation; grade: Grade; isGuess?: boolean }
  /** `folder`: where `git add .` was run, all of it; null for the whole repository. */
  | { item: "stage-all"; folder: string | null; tracked: boolean }
  | { item: "commit"; claim: CommitClaim };

/** What an edit did to files. Paths are absolute where the log tells the folder. */
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

/** What was taken back. */
export function rewindItems({ restored }: RewindEvent): TimelineItem[] {
  return restored.map((path) => ({ item: "operation", operation: { kind: "reset", path }, grade: "edit" }));
}

/** What a command did to files, and the commits it made, each at its place. */
export function commandItems(
  commands: readonly SimpleCommand[],
  event: CommandEvent,
  end: CommandEnd,
  made: MadeCommits,
): TimelineItem[] {
  const items: TimelineItem[] = [];
  const ended = end === "zero" || end === "nonzero";
  const grade = ended ? "command" : "supposed";
  const told = commands.map((command) => operationsOf(command, event));
  // Before all else: what is committed or taken back by the same command was there by then.
  for (const seen of seenOperations(commands, event, told.flat())) items.push({ item: "operation", grade, ...seen });
  for (const [index, command] of commands.entries()) {
    const staging = ended && command.ran === "yes" ? stageAll(command, event) : null;
    if (staging !== null) items.push(staging);
    for (const operation of told[index] ?? []) items.push({ item: "operation", operation, grade });
    for (const claim of made.get(command) ?? []) items.push({ item: "commit", claim });
  }
  for (const claim of made.get(null) ?? []) items.push({ item: "commit", claim });
  return items;
}

/** Whether an item tells what was surely done, by the log's own words: neither what was stopped nor what was only seen. */
export function isTold(item: TimelineItem): item is TimelineItem & { item: "operation" } {
  return item.item === "operation" && item.grade !== "supposed" && item.isGuess !== true;
}

function operationsOf(command: SimpleCommand, { cwd }: CommandEvent): Operation[] {
  if (command.ran !== "yes") return [];
  return readFileOperations(command).map((operation) => placed(operation, cwd));
}

/** The timeline with more commits in it, each before the item at its place. */
export function withCommits(
  timeline: readonly TimelineItem[],
  commits: readonly { place: number; claim: CommitClaim }[],
): TimelineItem[] {
  const items: TimelineItem[] = [];
  const waiting = commits.toSorted((a, b) => b.place - a.place);
  for (let index = 0; index <= timeline.length; index++) {
    for (let next = waiting.at(-1); next?.place === index; next = waiting.at(-1)) {
      items.push({ item: "commit", claim: next.claim });
      waiting.pop();
    }
    const item = timeline[index];
    if (item !== undefined) items.push(item);
  }
  return items;
}

/** `git add -A`, `git add .`, `git commit -a`: the next commit holds all there is. */
function stageAll(command: SimpleCommand, event: CommandEvent): TimelineItem | null {
  const git = readGitWords(command);
  if (git === null || git.directory === null || command.succeeded === false) return null;
  const folder = event.cwd === null ? git.directory : resolveFrom(event.cwd, git.directory);
  if (git.verb === "add" || git.verb === "stage") {
    const operands = git.args.filter(({ value }) => value === null || !/^-/.test(value)).map(({ value }) => value);
    if (hasOption(git.args, "-n", "--dry-run", "-p", "-i", "-N")) return null;
    const update = hasOption(git.args, "-u", "--update");
    if (update) return operands.length === 0 ? { item: "stage-all", folder: null, tracked: true } : null;
    if (operands.length === 0)
      return hasOption(git.args, "-A", "--all") ? { item: "stage-all", folder: null, tracked: false } : null;
    if (operands.every((path) => path === ":/")) return { item: "stage-all", folder: null, tracked: false };
    return operands.every((path) => path === "." || path === "./")
      ? { item: "stage-all", folder, tracked: false }
      : null;
  }
  const all = git.verb === "commit" && hasOption(git.args, "-a", "--all");
  return all ? { item: "stage-all", folder: null, tracked: true } : null;
}

function placed(operation: Operation, cwd: string | null): Operation {
  if (cwd === null) return operation;
  const at = (path: string) => resolveFrom(cwd, path) ?? path;
  if (operation.kind === "move" || operation.kind === "copy") {
    return { ...operation, from: { ...operation.from, path: at(operation.from.path) }, to: at(operation.to) };
  }
  return "path" in operation && operation.path !== null ? { ...operation, path: at(operation.path) } : operation;
}
