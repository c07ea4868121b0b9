// Which commits a run made, as far as its log tells: announced by git, or made in silence and told of afterwards.
import type { CommandEvent } from "../../events/event.ts";
import { detachStrings } from "../../system/memory.ts";
import { plainLine } from "../plain-text.ts";
import { resolveFrom } from "../shell/builtins.ts";
import type { SimpleCommand } from "../shell/shell.ts";
import { MAX_SUBJECT, type PrintedCommit, readAnnouncements, readToldCommits } from "./output.ts";
import { type GitWords, hasOption, readGitWords } from "./words.ts";

/** One commit a command made, or may have made. The repository tells what the log does not. */
export interface CommitClaim {
  /** As printed; null where nothing was. */
  hash: string | null;
  subject: string | null;
  /** What git printed about it. */
  printed: PrintedCommit | null;
  /** It took the place of the commit before it. */
  amends: boolean;
  /** How many commits before it were taken back first: `git reset HEAD~2`. */
  resets: number;
  /** Old commits got new hashes: a rebase. */
  rewrites: boolean;
  /** A command that commits was seen, not only git's line in some output. */
  sure: boolean;
  /** The command may not have run, or may have failed: only git can tell. */
  perhaps: boolean;
  /** It makes one commit at most. */
  single: boolean;
  /** When the command ran, in milliseconds; null where unknown. */
  from: number | null;
  to: number | null;
  /** Where, absolute or from `~`; null where unknown. */
  directory: string | null;
}

/** Commands that make commits. */
const COMMITTING = new Set("commit merge cherry-pick revert rebase am pull subtree".split(" "));
/** Commands that print what others wrote. */
const READING = new Set(
  "cat bat head tail less more grep egrep rg ag sed awk jq echo printf ls find diff wc sort".split(" "),
);
const READING_GIT = new Set(["log", "show", "reflog", "diff", "grep", "cat-file", "notes", "stash", "rev-list"]);
const TELLING_GIT = new Set(["log", "show", "rev-parse", "reflog", "rev-list", "describe"]);
/** How many commands after a silent commit may still tell its hash. */
const PATIENCE = 20;

/** The claims of each command of a script; under null those that no command of it explains. */
export type MadeCommits = ReadonlyMap<SimpleCommand | null, readonly CommitClaim[]>;

/** Gathers the claims of a run, command by command. */
export class CommitClaims {
  readonly claims: CommitClaim[] = [];
  #silent: { claim: CommitClaim; patience: number }[] = [];

  /** The claims of one simple command, in the order they were made: what `push` returns belongs at its place. */
  push(commands: readonly SimpleCommand[], event: CommandEvent): MadeCommits {
    const made = new Map<SimpleCommand | null, CommitClaim[]>();
    if (event.outcome === "refused") return made;
    const printed = commands.length > 0 && commands.every(onlyReads) ? [] : readAnnouncements(event.output);
    const isAnnounced = printed.length > 0;
    let told = false;
    const add = (command: SimpleCommand | null, read: CommitClaim) => {
      const claim = detachStrings(read);
      told = false;
      // Whose subject is unknown can only be told of before the next commit.
      this.#silent = this.#silent.filter((one) => one.claim.subject !== null);
      this.claims.push(claim);
      made.set(command, [...(made.get(command) ?? []), claim]);
      if (claim.hash === null && claim.resets === 0) this.#silent.push({ claim, patience: PATIENCE });
    };
    for (const command of commands) {
      const claim = claimOf(command, event, isAnnounced);
      if (claim !== null) {
        const git = readGitWords(command);
        const announced = git !== null && announces(git) ? printed.shift() : undefined;
        if (announced !== undefined) add(command, announcedClaim(claim, announced));
        else if (command.succeeded !== false && event.outcome !== "running") {
          add(command, { ...claim, perhaps: command.ran === "maybe" || command.succeeded === null });
        }
      } else if (tells(command)) told = true;
    }
    const last = commands.at(-1) ?? null;
    for (const announced of printed) {
      const directory = last === null ? event.cwd : absolute(last.directory, event);
      add(last, { ...announcedClaim(blank(event, directory), announced), sure: false });
    }
    if (told) this.#hear(event.output);
    this.#silent = this.#silent.filter((one) => one.claim.hash === null && --one.patience > 0);
    return made;
  }

  /** Finds the hashes of silent commits in what a later `git log` printed. */
  #hear(output: string): void {
    const waiting = this.#silent.filter((one) => one.claim.hash === null);
    if (waiting.length === 0) return;
    const told = readToldCommits(output);
    for (const { claim } of waiting) {
      if (claim.subject === null) continue;
      claim.hash = detachStrings(told.find((one) => one.subject === claim.subject)?.hash ?? null);
    }
    // The newest commit comes first: it is the last one made, unless its subject says otherwise.
    const newest = told[0];
    const claim = waiting.at(-1)?.claim;
    if (newest === undefined || claim === undefined || claim.hash !== null) return;
    if (claim.subject !== null && newest.subject !== null) return;
    if (newest.subject === null && told.length > 1) return;
    claim.hash = detachStrings(newest.hash);
    claim.subject ??= detachStrings(newest.subject);
  }
}

/** The commits that stand when the run is over, by the log alone: amended and reset ones are gone. */
export function standingClaims(claims: readonly CommitClaim[]): CommitClaim[] {
  const standing: CommitClaim[] = [];
  for (const claim of claims) {
    if (claim.perhaps && claim.hash === null) continue;
    if (claim.resets > 0) standing.splice(Math.max(0, standing.length - claim.resets));
    else {
      if (claim.amends) standing.pop();
      standing.push(claim);
    }
  }
  return standing;
}

const NOTHING_DONE = /nothing to commit|no changes added to commit|Already up to date|^Fast-forward$/m;

/** `isAnnounced`: git announced some commit in the output of the whole. */
function claimOf(command: SimpleCommand, event: CommandEvent, isAnnounced: boolean): CommitClaim | null {
  const git = readGitWords(command);
  if (git === null) {
    const { inner, program } = command;
    const bumps = inner[1]?.value === "version" && inner.length > 2 && /^(npm|pnpm|yarn)$/.test(program);
    return bumps && !hasOption(inner, "--no-git-tag-version") ? blank(event, absolute(command.directory, event)) : null;
  }
  if (git.verb === "reset") {
    const back = git.args
      .map(({ value }) => /^(?:HEAD|@)(\^+|~(\d*))$/.exec(value ?? ""))
      .find((match) => match !== null);
    if (back === undefined || command.succeeded === false || command.ran !== "yes") return null;
    const count = back[1]?.startsWith("^") ? back[1].length : Number(back[2] || 1);
    return { ...blank(event, absolute(git.directory, event)), resets: count };
  }
  if (!COMMITTING.has(git.verb)) return null;
  if (hasOption(git.args, "--dry-run", "--help", "--abort", "--quit", "--no-commit", "--squash", "--ff-only"))
    return null;
  if (git.verb === "cherry-pick" || git.verb === "revert") if (hasOption(git.args, "-n")) return null;
  // Several commits in one command: one of them may have had nothing to do.
  if (!isAnnounced && NOTHING_DONE.test(event.output)) return null;
  return {
    ...blank(event, absolute(git.directory, event)),
    subject: git.verb === "commit" || git.verb === "merge" ? subjectOf(git) : null,
    amends: git.verb === "commit" && git.args.some(({ value }) => value === "--amend"),
    single: git.verb === "commit" || git.verb === "merge",
    rewrites: git.verb === "rebase" || (git.verb === "pull" && hasOption(git.args, "--rebase", "-r")),
  };
}

function announcedClaim(claim: CommitClaim, printed: PrintedCommit): CommitClaim {
  return { ...claim, hash: printed.hash, subject: printed.subject, printed };
}

function blank(event: CommandEvent, directory: string | null): CommitClaim {
  const to = time(event.at);
  const from = time(event.startedAt) ?? (to === null ? null : to - (event.durationMs ?? 0));
  return unannounced(from, to ?? from, directory);
}

/** A commit that a command may have made without a word. */
export function unannounced(from: number | null, to: number | null, directory: string | null): CommitClaim {
  return {
    hash: null,
    subject: null,
    printed: null,
    amends: false,
    resets: 0,
    rewrites: false,
    sure: true,
    perhaps: false,
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
  // Without a folder in the log, a relative one is as good as any: the session's own.
  return directory === null || event.cwd === null ? directory : resolveFrom(event.cwd, directory);
}

/** The subject `-m` gives: git joins the lines up to the first empty one. */
function subjectOf({ args }: GitWords): string | null {
  for (const [index, { value }] of args.entries()) {
    if (value === null) continue;
    const attached = /^(?:--message=|-[a-zA-Z]*m(?=.))([\s\S]+)$/.exec(value)?.[1];
    const message = value === "--message" || /^-[a-zA-Z]*m$/.test(value) ? args[index + 1]?.value : attached;
    if (message === undefined || message === null) continue;
    return plainLine(message.trim().split(/\n\s*\n/)[0] ?? "", MAX_SUBJECT) || null;
  }
  return null;
}

/** Merges and rebases print no `[branch hash]` line; `-q` prints nothing at all. */
function announces({ verb, args }: GitWords): boolean {
  return /^(commit|cherry-pick|revert|merge)$/.test(verb) && !hasOption(args, "-q", "--quiet");
}

function tells(command: SimpleCommand): boolean {
  const git = readGitWords(command);
  return git !== null && TELLING_GIT.has(git.verb) && command.succeeded !== false;
}

function onlyReads(command: SimpleCommand): boolean {
  const git = readGitWords(command);
  if (git !== null) return READING_GIT.has(git.verb);
  return command.words.length === 0 || READING.has(command.program);
}
