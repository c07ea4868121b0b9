// What a command could do to a working tree at most, judged by its name: nothing, only files, or anything.

import type { CommandEvent } from "../../events/event.ts";
import { hasOption, readGitWords } from "../git/words.ts";
import type { SimpleCommand } from "../shell/shell.ts";
import type { ShellWord } from "../shell/words.ts";
import { readTests } from "../tests/tests.ts";

/** `none`: it only reads. `files`: it writes files, but makes no commits. `any`: a program nobody can see through. */
export type Effect = "none" | "files" | "any";

const READERS = new Set(
  (
    "[ ag awk basename bat cat cd cmp column cut date df diff dirname du echo egrep env export false fgrep file find " +
    "fold grep groups head hexdump hostname id jq less ls lsof md5sum more nl od printenv printf ps pwd readlink " +
    "realpath rg sed seq set sha1sum sha256sum sleep sort stat strings tac tail test tr tree true type uname uniq " +
    "unset uptime wc which who whoami xxd yq"
  ).split(" "),
);
const WRITERS = new Set(
  "chmod chown cp curl dd gmv gsed gzip gunzip install ln mkdir mv patch perl rm rmdir rsync sed tar tee touch truncate unlink unzip wget zip".split(
    " ",
  ),
);
const READING_GIT = new Set(
  (
    "blame branch cat-file check-ignore config count-objects describe diff fetch for-each-ref grep log ls-files " +
    "ls-remote ls-tree merge-base name-rev push reflog remote rev-list rev-parse shortlog show show-ref status tag " +
    "version whatchanged add"
  ).split(" "),
);
const WRITING_GIT = new Set("apply checkout clean clone init mv reset restore rm stash submodule switch".split(" "));
/** Options that make a reader write, or run something. */
const WRITING: Record<string, readonly string[]> = {
  __proto__: null as never,
  find: ["-delete", "-exec", "-execdir", "-ok", "-fprint", "-fprintf", "-fls"],
  sort: ["-o", "--output"],
  tree: ["-o"],
  yq: ["-i", "--inplace"],
  rg: ["--pre"],
};
/** Tests leave no files, unless asked to renew what they compare with. */
const RENEWING = ["-u", "--update", "--update-snapshots", "--updateSnapshot", "--snapshot-update", "--fix", "--write"];

/** What one command of an event can have done. */
export function effectOf(command: SimpleCommand, event: CommandEvent): Effect {
  // `diff <(a) <(b)` runs both; `$(a)` is a command of its own in the list.
  if (command.words.some(({ source }) => /[<>]\(/.test(source))) return "any";
  const own = programEffect(command, event);
  return own === "none" && command.outputs.length > 0 ? "files" : own;
}

function programEffect(command: SimpleCommand, event: CommandEvent): Effect {
  if (command.inner.length === 0) return "none";
  const git = readGitWords(command);
  // An alias may be anything.
  if (git !== null) return READING_GIT.has(git.verb) ? "none" : WRITING_GIT.has(git.verb) ? "files" : "any";
  const args = command.inner.slice(1);
  if (readTests([command], event, "unknown").length > 0) return hasOption(args, ...RENEWING) ? "files" : "none";
  const name = command.program;
  if (name === "sed" || name === "gsed") return args.some(isInPlace) ? "files" : "none";
  if (name === "awk" || name === "perl") return name === "awk" && !args.some(runsMore) ? "none" : "files";
  const writing = WRITING[name] ?? [];
  if (READERS.has(name)) return args.some(({ value }) => writing.includes(value ?? "")) ? "any" : "none";
  return WRITERS.has(name) ? "files" : "any";
}

function isInPlace({ value }: ShellWord): boolean {
  return value === null || /^-(-in-place|[A-Za-z]*i)/.test(value) || /(^|[;\s/])[we] *\S*$/.test(value);
}

/** An `awk` program may write files and start others. */
function runsMore({ value }: ShellWord): boolean {
  return value === null || /[>|]|system|inplace/.test(value);
}
