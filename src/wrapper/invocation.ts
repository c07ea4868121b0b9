// Splits `ctx "label" --codex …` into the words for `ctx` and the words for the tool.
import type { ToolRequest } from "../agents/agent.ts";
import { TOOLS } from "../agents/registry.ts";
import type { Tool } from "../agents/tool.ts";

/** A command line that wraps a tool. */
export interface Invocation {
  /** The words before the tool's flag: the label and the options of `ctx`. */
  own: string[];
  tool: Tool;
  /** The words after the tool's flag. They go to the tool unchanged, `--help` and `--` included. */
  toolArgs: string[];
}

/** A command whose own flags are named like tools. A label is one word, so these words cannot be a label. */
const RESERVED_COMMANDS = ["changelog", "sync"];

/** Splits a command line; null if it wraps no tool. A tool's flag wins even after a word that names a command. */
export function splitInvocation(argv: readonly string[]): Invocation | null {
  if (RESERVED_COMMANDS.every((word, index) => argv[index] === word)) return null;
  const at = argv.findIndex((word) => word === "--" || TOOLS.some((tool) => word === `--${tool}`));
  const tool = TOOLS.find((tool) => argv[at] === `--${tool}`);
  return tool === undefined ? null : { own: argv.slice(0, at), tool, toolArgs: argv.slice(at + 1) };
}

/**
 * Whether the tool's arguments start a new session in its terminal UI, so that `ctx` can still ask the person for a
 * label.
 */
export function startsAtScreen({ resume, isOther, isHeadless }: ToolRequest): boolean {
  return resume === null && !isOther && !isHeadless;
}
