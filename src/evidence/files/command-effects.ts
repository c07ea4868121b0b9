// What a command can have done to a working tree, according to its name and options.
import { type Effect, gitTraitsOf, isListed, traitsOf } from "../shell/programs.ts";
import type { CommandRun, SimpleCommand } from "../shell/read-command.ts";
import { hasOption, type ShellWord } from "../shell/words.ts";
import { readTests } from "../tests/test-runs.ts";

/** Options that make test runners write files. */
const UPDATING = ["-u", "--update", "--update-snapshots", "--updateSnapshot", "--snapshot-update", "--fix", "--write"];

/** The effect that one command of a run can have had. */
export function effectOf(command: SimpleCommand, run: CommandRun): Effect {
  // `diff <(a) <(b)` runs `a` and `b` too; the command in `$(a)` is listed by itself.
  if (command.words.some(({ source }) => /[<>]\(/.test(source))) return "any";
  const own = programEffect(command, run);
  return own === "none" && command.outputs.length > 0 ? "files" : own;
}

function programEffect(command: SimpleCommand, run: CommandRun): Effect {
  const { git, inner, program } = command;
  if (inner.length === 0) return "none";
  // An alias may stand for any command.
  if (git !== null) return gitTraitsOf(git.verb).effect ?? "any";
  const args = inner.slice(1);
  if (readTests({ ...run, end: "unknown", commands: [command] }).length > 0) {
    return hasOption(args, ...UPDATING) ? "files" : "none";
  }
  if (program === "sed" || program === "gsed") return args.some(isInPlace) ? "files" : "none";
  if (program === "awk") return args.some(mayWrite) ? "files" : "none";
  const { effect = "any", effectOptions } = traitsOf(program);
  return effect === "none" && args.some(({ value }) => isListed(value, effectOptions)) ? "any" : effect;
}

function isInPlace({ value }: ShellWord): boolean {
  return value === null || /^-(-in-place|[A-Za-z]*i)/.test(value) || /(^|[;\s/])[we] *\S*$/.test(value);
}

/** An `awk` program may write files and start others. */
function mayWrite({ value }: ShellWord): boolean {
  return value === null || /[>|]|system|inplace/.test(value);
}
