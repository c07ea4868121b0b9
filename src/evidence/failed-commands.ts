// Commands that ran and failed.
import { detachStrings } from "../system/memory.ts";
import type { FailedCommand } from "./evidence.ts";
import { lastLines, sliceWhole } from "./plain-text.ts";
import { traitsOf } from "./shell/programs.ts";
import type { CommandRun, SimpleCommand } from "./shell/read-command.ts";
import { hasOption } from "./shell/words.ts";

const MAX_COMMAND = 2_000;
const TAIL_LINES = 8;
const TAIL_LENGTH = 1_000;

/** The failure of a command; null if it did not fail, or only answered "no" as `grep` does. */
export function readFailure(run: CommandRun): FailedCommand | null {
  const command = failedCommand(run);
  if (command === null) return null;
  const { exitCode, output } = run.event;
  return detachStrings({ command, exitCode, outputTail: lastLines(output, TAIL_LINES, TAIL_LENGTH) });
}

/** The failed command without its output. */
export function failedCommand({ event, commands }: CommandRun): string | null {
  if (event.outcome !== "failed" || event.exitCode === 0) return null;
  if (event.exitCode === 1 && isAnswer(commands)) return null;
  return event.command.length <= MAX_COMMAND ? event.command : `${sliceWhole(event.command, MAX_COMMAND)}…`;
}

/** Whether every command that can have failed is one whose exit status 1 is an answer. */
function isAnswer(commands: readonly SimpleCommand[]): boolean {
  const suspects = commands.filter((command) => command.words.length > 0 && command.succeeded !== true);
  return suspects.length > 0 && suspects.every(answers);
}

function answers({ git, program, words }: SimpleCommand): boolean {
  if (traitsOf(program).answers) return true;
  if (words[0]?.value === "command" && /^-[vV]$/.test(words[1]?.value ?? "")) return true;
  switch (git?.verb) {
    case "grep":
    case "check-ignore":
      return true;
    case "diff":
    case "diff-index":
    case "diff-files":
    case "diff-tree":
      return hasOption(git.args, "--exit-code", "--quiet", "--no-index", "--check");
    case "merge-base":
      return hasOption(git.args, "--is-ancestor");
    case "show-ref":
    case "rev-parse":
      return hasOption(git.args, "--verify", "--quiet", "-q");
    case "ls-files":
      return hasOption(git.args, "--error-unmatch");
    case "config":
      return (
        hasOption(git.args, "--get", "--get-all", "--get-regexp") ||
        git.args[0]?.value === "get" ||
        git.args.length === 1
      );
    default:
      return false;
  }
}
