// A git command line: which repository it means, what it does, with which arguments.

import { resolveFrom } from "../shell/builtins.ts";
import type { SimpleCommand } from "../shell/shell.ts";
import type { ShellWord } from "../shell/words.ts";

export interface GitWords {
  verb: string;
  args: readonly ShellWord[];
  /** Where it ran, `-C` followed; null where unknown. */
  directory: string | null;
}

const VALUED = new Set([
  "-c",
  "--git-dir",
  "--work-tree",
  "--namespace",
  "--exec-path",
  "--super-prefix",
  "--config-env",
]);

/** Reads `git -C dir -c name=value verb …`; null for any other program. */
export function readGitWords(command: SimpleCommand): GitWords | null {
  if (command.program !== "git") return null;
  const words = command.inner;
  let directory = command.directory;
  let index = 1;
  for (; index < words.length; index++) {
    const option = words[index]?.value ?? "";
    if (option === "-C") {
      const target = words[++index]?.value ?? null;
      directory = target === null ? null : resolveFrom(directory, target);
    } else if (VALUED.has(option)) {
      index++;
      if (option === "--git-dir" || option === "--work-tree") directory = null;
    } else if (option.startsWith("--git-dir=") || option.startsWith("--work-tree=")) directory = null;
    else if (!option.startsWith("-")) break;
  }
  const verb = words[index]?.value;
  return verb === undefined || verb === null ? null : { verb, args: words.slice(index + 1), directory };
}

/** Whether one of these options is among the arguments; `-am` counts as `-a` and `-m`. */
export function hasOption(args: readonly ShellWord[], ...names: string[]): boolean {
  for (const { value } of args) {
    if (value === "--") return false;
    if (value === null || !value.startsWith("-")) continue;
    const end = value.indexOf("=");
    const name = end === -1 ? value : value.slice(0, end);
    if (names.includes(name)) return true;
    if (
      /^-[A-Za-z]{2,}$/.test(name) &&
      names.some((wanted) => wanted.length === 2 && name.includes(wanted.charAt(1)))
    ) {
      return true;
    }
  }
  return false;
}
