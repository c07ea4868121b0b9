// The commits a run made according to its log: those that git announced, and those made without output.
import type { CommandEvent } from "../../events/event.ts";
import { detachStrings } from "../../system/memory.ts";
import { plainLine } from "../plain-text.ts";
import { gitTraitsOf, traitsOf } from "../shell/programs.ts";
import type { CommandRun, GitCommand, SimpleCommand } from "../shell/read-command.ts";
import { hasOption, resolveFrom } from "../shell/words.ts";
import { MAX_SUBJECT, type PrintedCommit, readAnnouncements, readListedCommits } from "./printed-commits.ts";

/** A commit that a command made, or may have made. The repository completes what the log does not show. */
export interface CommitClaim {
  /** Counted from 0 within a run. */
  id: number;
  /** As printed; null where git printed none. */
  hash: string | null;
  subject: string | null;
  /** What git printed about it. */
  printed: PrintedCommit | null;
  /** It replaced the commit before it. */
  amends: boolean;
  /** How many commits before it were undone: `git reset HEAD~2`. */
  resets: number;
  /** Old commits got new hashes: a rebase. */
  rewrites: boolean;
  /** The log shows a command that commits, not only git's announcement in an output. */
  hasCommand: boolean;
  /** The command may not have run, or may have failed: only git can tell. */
  uncertain: boolean;
  /** It makes one commit at most. */
  single: boolean;
  /** When the command ran, in milliseconds; null where unknown. */
  from: number | null;
  to: number | null;
  /** Where the command ran, absolute or from `~`; null if unknown. */
  directory: string | null;
}

/** A claim, and the index of the command in its script that made it. */
export interface PlacedClaim {
  command: number;
  claim: CommitClaim;
}

/** How many commands after a commit without output may still print its hash. */
const MAX_LOOKBACK = 20;

/** Collects the claims of a run, command by command. */
export class CommitClaims {
  /** The index of a claim is its id. */
  readonly claims: CommitClaim[] = [];
  /** The claims without a hash, and in the output of how many more commands to look for the hash. */
  #unmatched: { claim: CommitClaim; commandsLeft: number }[] = [];

  /** Adds the claims of a command and returns them in the order they were made. */
  push({ event, commands }: CommandRun): PlacedClaim[] {
    const made: PlacedClaim[] = [];
    if (event.outcome === "refused") return made;
    const announcements = commands.length > 0 && commands.every(onlyPrints) ? [] : readAnnouncements(event.output);
    const isAnnounced = announcements.length > 0;
    let lastListing = -1;
    for (const [index, command] of commands.entries()) {
      const claim = claimOf(command, event, isAnnounced);
      if (claim === null) {
        if (listsCommits(command)) lastListing = index;
        continue;
      }
      const printed = announces(command.git) ? announcements.shift() : undefined;
      if (printed !== undefined) made.push({ command: index, claim: this.#add(withAnnouncement(claim, printed)) });
      else if (command.succeeded !== false && event.outcome !== "running") {
        const uncertain = command.ran === "maybe" || command.succeeded === null;
        made.push({ command: index, claim: this.#add({ ...claim, uncertain }) });
      }
    }
    const last = commands.at(-1);
    const directory = last === undefined ? event.cwd : absolute(last.directory, event);
    for (const printed of announcements) {
      const claim = withAnnouncement(claimIn(event, directory), printed);
      made.push({ command: commands.length - 1, claim: this.#add({ ...claim, hasCommand: false }) });
    }
    // A list printed before the last commit does not contain that commit.
    if (lastListing > (made.at(-1)?.command ?? -1)) this.#matchLater(event.output);
    this.#unmatched = this.#unmatched.filter((one) => one.claim.hash === null && --one.commandsLeft > 0);
    return made;
  }

  #add(read: CommitClaim): CommitClaim {
    const claim = detachStrings({ ...read, id: this.claims.length });
    this.claims.push(claim);
    // Without a subject, a claim can only be matched before the next commit.
    this.#unmatched = this.#unmatched.filter((one) => one.claim.subject !== null);
    if (claim.hash === null && claim.resets === 0) this.#unmatched.push({ claim, commandsLeft: MAX_LOOKBACK });
    return claim;
  }

  /** Finds the hashes of commits without output in what a later `git log` printed. */
  #matchLater(output: string): void {
    const unmatched = this.#unmatched.filter((one) => one.claim.hash === null);
    if (unmatched.length === 0) return;
    const listed = readListedCommits(output);
    for (const { claim } of unmatched) {
      if (claim.subject === null) continue;
      claim.hash = detachStrings(listed.find((one) => one.subject === claim.subject)?.hash ?? null);
    }
    // The newest commit is listed first: it is the last one made, unless its subject differs.
    const newest = listed[0];
    const claim = unmatched.at(-1)?.claim;
    if (newest === undefined || claim === undefined || claim.hash !== null) return;
    if (claim.subject !== null && newest.subject !== null) return;
    if (newest.subject === null && listed.length > 1) return;
    claim.hash = detachStrings(newest.hash);
    claim.subject ??= detachStrings(newest.subject);
  }
}

/** The commits that exist at the end of the run according to the log, without amended and reset ones. */
export function remainingClaims(claims: readonly CommitClaim[]): CommitClaim[] {
  const remaining: CommitClaim[] = [];
  for (const claim of claims) {
    if (claim.uncertain && claim.hash === null) continue;
    if (claim.resets > 0) remaining.splice(Math.max(0, remaining.length - claim.resets));
    else {
      if (claim.amends) remaining.pop();
      remaining.push(claim);
    }
  }
  return remaining;
}

const NOTHING_DONE = /nothing to commit|no changes added to commit|Already up to date|^Fast-forward$/m;

/** `isAnnounced`: git announced some commit in the output of the whole script. */
function claimOf({ git, ...command }: SimpleCommand, event: CommandEvent, isAnnounced: boolean): CommitClaim | null {
  if (git === null) {
    const { inner, program } = command;
    const bumps = inner[1]?.value === "version" && inner.length > 2 && /^(npm|pnpm|yarn)$/.test(program);
    return bumps && !hasOption(inner, "--no-git-tag-version")
      ? claimIn(event, absolute(command.directory, event))
      : null;
  }
  const claim = claimIn(event, absolute(git.directory, event));
  const { verb, args } = git;
  if (verb === "reset") {
    const back = args.map(({ value }) => /^(?:HEAD|@)(\^+|~(\d*))$/.exec(value ?? "")).find((match) => match !== null);
    if (back === undefined || command.succeeded === false || command.ran !== "yes") return null;
    return { ...claim, resets: back[1]?.startsWith("^") ? back[1].length : Number(back[2] || 1) };
  }
  if (!gitTraitsOf(verb).commits) return null;
  if (hasOption(args, "--dry-run", "--help", "--abort", "--quit", "--no-commit", "--squash", "--ff-only")) return null;
  if ((verb === "cherry-pick" || verb === "revert") && hasOption(args, "-n")) return null;
  // If several commands commit, one of them may have had nothing to commit.
  if (!isAnnounced && NOTHING_DONE.test(event.output)) return null;
  const single = verb === "commit" || verb === "merge";
  return {
    ...claim,
    single,
    subject: single ? subjectOf(git) : null,
    amends: verb === "commit" && args.some(({ value }) => value === "--amend"),
    rewrites: verb === "rebase" || (verb === "pull" && hasOption(args, "--rebase", "-r")),
  };
}

function withAnnouncement(claim: CommitClaim, printed: PrintedCommit): CommitClaim {
  return { ...claim, hash: printed.hash, subject: printed.subject, printed };
}

function claimIn(event: CommandEvent, directory: string | null): CommitClaim {
  const to = time(event.at);
  const from = time(event.startedAt) ?? (to === null ? null : to - (event.durationMs ?? 0));
  return newClaim(-1, from, to ?? from, directory);
}

/** A commit that a command may have made without output. */
export function newClaim(id: number, from: number | null, to: number | null, directory: string | null): CommitClaim {
  return {
    id,
    hash: null,
    subject: null,
    printed: null,
    amends: false,
    resets: 0,
    rewrites: false,
    hasCommand: true,
    uncertain: false,
    single: true,
    from,
    to,
    directory,
  };
}

function time(at: string | null): number | null {
  const ms = at === null ? Number.NaN : Date.parse(at);
  return Number.isNaN(ms) ? null : ms;
}

function absolute(directory: string | null, event: CommandEvent): string | null {
  // Without a working directory in the log, a relative one is taken from the session's.
  return directory === null || event.cwd === null ? directory : resolveFrom(event.cwd, directory);
}

/** The subject that `-m` gives: git joins the lines up to the first empty one. */
function subjectOf({ args }: GitCommand): string | null {
  for (const [index, { value }] of args.entries()) {
    if (value === null) continue;
    const attached = /^(?:--message=|-[a-zA-Z]*m(?=.))([\s\S]+)$/.exec(value)?.[1];
    const message = value === "--message" || /^-[a-zA-Z]*m$/.test(value) ? args[index + 1]?.value : attached;
    if (message === undefined || message === null) continue;
    return plainLine(message.trim().split(/\n\s*\n/)[0] ?? "", MAX_SUBJECT) || null;
  }
  return null;
}

/** Whether git prints a `[branch hash]` line: not for rebases and pulls, and not with `-q`. */
function announces(git: GitCommand | null): boolean {
  return git !== null && /^(commit|cherry-pick|revert|merge)$/.test(git.verb) && !hasOption(git.args, "-q", "--quiet");
}

function listsCommits({ git, succeeded }: SimpleCommand): boolean {
  return git !== null && gitTraitsOf(git.verb).listsCommits === true && succeeded !== false;
}

/** Whether a command only prints existing text, which may be the announcement of another commit. */
function onlyPrints({ git, words, program }: SimpleCommand): boolean {
  if (git !== null) return gitTraitsOf(git.verb).quotes === true;
  return words.length === 0 || traitsOf(program).effect === "none";
}
