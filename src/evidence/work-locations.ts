// Where a session worked, by its events alone: the folders of the files it edited, of those its commands changed, and
// those its commands ran in.
import type { EditEvent, SessionEvent } from "../events/event.ts";
import type { Operation } from "./files/operations.ts";
import { commandItems, editItems, isCertain } from "./files/timeline.ts";
import { type Checkout, checkoutsOf } from "./git/checkouts.ts";
import { type CommitClaim, CommitClaims } from "./git/commit-claims.ts";
import { type CommandRun, readCommand, visitedFolders } from "./shell/read-command.ts";
import { splitAtTopLevel } from "./shell/words.ts";

const MAX_FOLDERS = 4_096;
const MAX_CHECKOUTS = 256;

export class WorkLocations {
  readonly #home: string;
  readonly #claims = new CommitClaims();
  /** Folders of files that structured edits changed. */
  readonly edited = new Set<string>();
  /** Folders of files that commands changed, and in which they made commits. */
  readonly changed = new Set<string>();
  /** Folders that commands ran in. */
  readonly visited = new Set<string>();
  /** Worktrees that commands made, and folders that they renamed. */
  readonly checkouts: Checkout[] = [];

  /** The commits that the log shows by hash or subject: a repository that has one of them is the session's. */
  get commits(): CommitClaim[] {
    return this.#claims.claims.filter((claim) => {
      return claim.hasCommand && !claim.uncertain && (claim.hash !== null || claim.subject !== null);
    });
  }

  constructor(home: string) {
    this.#home = home;
  }

  push(event: SessionEvent): void {
    if (event.kind === "edit") this.#edit(event);
    else if (event.kind === "command" && event.outcome !== "refused") this.#command(readCommand(event));
  }

  #edit(event: EditEvent): void {
    for (const item of editItems(event)) if (isCertain(item)) this.#addFilesOf(item.operation, this.edited);
  }

  #command(run: CommandRun): void {
    if (this.checkouts.length < MAX_CHECKOUTS) this.checkouts.push(...checkoutsOf(run));
    for (const folder of visitedFolders(run)) this.#add(folder, this.visited);
    for (const item of commandItems(run, this.#claims.push(run))) {
      if (item.item === "commit") {
        const claim = this.#claims.claims[item.claimId];
        if (claim?.hasCommand && !claim.uncertain) this.#add(claim.directory, this.changed);
      } else if (isCertain(item)) this.#addFilesOf(item.operation, this.changed);
    }
  }

  #addFilesOf(operation: Operation, to: Set<string>): void {
    for (const path of changedPaths(operation)) this.#add(path.slice(0, Math.max(path.lastIndexOf("/"), 1)), to);
  }

  #add(folder: string | null, to: Set<string>): void {
    const path = folder?.startsWith("~/") ? this.#home + folder.slice(1) : folder;
    if (path === null || path === undefined || !path.startsWith("/") || to.size >= MAX_FOLDERS) return;
    // A folder inside the repository, or its top level.
    to.add(splitAtTopLevel(path)?.folder ?? path);
  }
}

/** The paths an operation changes, without those it only reads and those that only git can list. */
function changedPaths(operation: Operation): string[] {
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
