// From words to a command.
import type { Registered, Registry } from "./registry.ts";
import { suggest } from "./suggest.ts";
import { UsageError } from "./usage-error.ts";

/** What a command line names: a command or a group, the words that led there, and the arguments left over. */
export interface Found {
  node: Registered;
  path: string[];
  rest: string[];
}

/** Follows the leading words of a command line into the registry; stops at a command, a flag or the end. */
export function findCommand(root: Registered, argv: readonly string[]): Found {
  let node = root;
  const path: string[] = [];
  while ("commands" in node) {
    const word = argv[path.length];
    if (word === undefined || word.startsWith("-")) break;
    const next = node.commands.get(word);
    if (next === undefined) throw unknownCommand(word, path, node.commands);
    path.push(word);
    node = next;
  }
  return { node, path, rest: argv.slice(path.length) };
}

function unknownCommand(word: string, path: readonly string[], commands: Registry): UsageError {
  const nearest = suggest(word, commands.keys(), 0.25);
  const full = [...path, nearest].join(" ");
  return new UsageError(`unknown command \`${[...path, word].join(" ")}\``, nearest && `did you mean \`${full}\`?`);
}
