// Where a session worked, as far as its events tell: the files it edited, those its commands changed, and the folders
// they ran in. Nothing is looked up on disk.
import type { CommandEvent, EditEvent, SessionEvent } from "../events/event.ts";
import { endOf } from "./command-end.ts";
import type { Operation } from "./files/operations.ts";
import { commandItems, editItems, isTold, type TimelineItem } from "./files/timeline.ts";
import { CommitClaims } from "./git/claims.ts";
import { resolveFrom } from "./shell/builtins.ts";
import { readShell } from "./shell/shell.ts";
import { TOP_LEVEL } from "./shell/words.ts";

/** More places than anybody works in; what comes later tells no more. */
const MOST = 4_096;

export class Whereabouts {
  readonly #home: string;
  readonly #claims = new CommitClaims();
  /** Folders of files that structured edits changed. */
  readonly edited = new Set<string>();
  /** Folders of files that commands changed, and in which they made commits. */
  readonly changed = new Set<string>();
  /** Folders that commands ran in. */
  readonly visited = new Set<string>();

  constructor(home: string) {
    this.#home = home;
  }

  push(event: SessionEvent): void {
    if (event.kind === "edit") this.#edit(event);
    else if (event.kind === "command" && event.outcome !== "refused") this.#command(event);
  }

  #edit(event: EditEvent): void {
    for (const item of editItems(event)) this.#item(item, this.edited);
  }

  #command(event: CommandEvent): void {
    const end = endOf(event);
    const commands = readShell(event.command, { status: end, output: event.output });
    this.#add(event.cwd, this.visited);
    for (const { directory } of commands) {
      if (directory !== null && event.cwd !== null) this.#add(resolveFrom(event.cwd, directory), this.visited);
    }
    const made = this.#claims.push(commands, event);
    for (const item of commandItems(commands, event, end, made)) this.#item(item, this.changed);
  }

  #item(item: TimelineItem, to: Set<string>): void {
    if (item.item === "commit") {
      if (item.claim.sure && !item.claim.perhaps) this.#add(item.claim.directory, to);
    } else if (isTold(item)) {
      for (const path of pathsOf(item.operation)) this.#add(folderOf(path), to);
    }
  }

  #add(folder: string | null, to: Set<string>): void {
    const path = folder?.startsWith("~/") ? this.#home + folder.slice(1) : folder;
    if (path === null || path === undefined || !path.startsWith("/") || to.size >= MOST) return;
    // Where git was asked for the top level, that lies above.
    const top = path.indexOf(`/${TOP_LEVEL}`);
    to.add(top === -1 ? path : path.slice(0, top) || "/");
  }
}

/** What an operation changes. What it only reads, or what git alone knows, tells no place. */
function pathsOf(operation: Operation): string[] {
  switch (operation.kind) {
    case "move":
      return [operation.from.path, operation.to];
    case "copy":
      return [operation.to];
    case "stash":
    case "unstash":
    case "restore":
    case "clean":
      return [];
    default:
      return [operation.path];
  }
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 1));
}
