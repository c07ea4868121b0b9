// Commands that ran and failed.
import type { CommandEvent } from "../events/event.ts";
import { detachStrings } from "../system/memory.ts";
import type { FailedCommand } from "./evidence.ts";
import { hasOption, readGitWords } from "./git/words.ts";
import { lastLines, sliceWhole } from "./plain-text.ts";
import type { SimpleCommand } from "./shell/shell.ts";

const MAX_COMMAND = 2_000;
const TAIL_LINES = 8;
const TAIL_LENGTH = 1_000;

/** Programs that answer a question with status 1: no match, a difference, not there. */
const ASKING = new Set(
  "grep egrep fgrep rg ag ack zgrep diff colordiff cmp comm test [ [[ pgrep which type hash expr".split(" "),
);

/** The failure an event reports; null where it is none, or only a "no" as in `grep`. */
export function readFailure(commands: readonly SimpleCommand[], event: CommandEvent): FailedCommand | null {
  const command = failedCommand(commands, event);
  if (command === null) return null;
  const outputTail = lastLines(event.output, TAIL_LINES, TAIL_LENGTH);
  return detachStrings({ command, exitCode: event.exitCode, outputTail });
}

/** The command alone, for those who do not ask what it printed. */
export function failedCommand(commands: readonly SimpleCommand[], event: CommandEvent): string | null {
  if (event.outcome !== "failed" || event.exitCode === 0) return null;
  if (event.exitCode === 1 && isAnswer(commands)) return null;
  return event.command.length <= MAX_COMMAND ? event.command : `${sliceWhole(event.command, MAX_COMMAND)}…`;
}

/** Whether the one command that can have failed is one that asks. */
function isAnswer(commands: readonly SimpleCommand[]): boolean {
  const suspects = commands.filter((command) => command.words.length > 0 && command.succeeded !== true);
  return suspects.length > 0 && suspects.every(asks);
}

function asks(command: SimpleCommand): boolean {
  if (
    ASKING.has(command.program) ||
    (command.words[0]?.value === "command" && /^-[vV]$/.test(command.words[1]?.value ?? ""))
  ) {
    return true;
  }
  const git = readGitWords(command);
  if (git === null) return false;
  switch (git.verb) {
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
