import type { CommandDef, CommandMeta } from "citty";
import type { ConsolaInstance } from "consola/core";
import type { Environment } from "../system/paths.ts";
import type { Args, Values } from "./args.ts";
import type { Exit } from "./exit.ts";
import type { Output } from "./output.ts";
import type { Interruption } from "./signals.ts";
import type { Program } from "./version.ts";

/** The streams, environment and clock of a command, which uses no others. */
export interface Io {
  program: Program;
  cwd: string;
  env: Environment;
  home: string;
  now: () => Date;
  output: Output;
  messages: ConsolaInstance;
  /** The signal that asked the program to end, if any. */
  interruption: Interruption;
  /** The arguments after `--`, for a command that starts a tool. */
  toolArgs: readonly string[];
}

/** What a file in `commands/` exports. */
export interface CommandModule<A extends Args> {
  args: A;
  run: (values: Values<A>, io: Io) => Promise<Exit>;
}

/** A command or a group of commands. */
export type CommandNode = CommandDef & {
  meta: CommandMeta;
  subCommands?: Record<string, CommandNode>;
  /** Whether the command starts a tool. The tool gets the arguments after `--`, and the signals. */
  startsTool?: true;
  /** The environment variables that its help page explains. */
  environment?: Record<string, string>;
  /** The last paragraph of its help page. */
  epilog?: string;
};

/** Lists alternatives for a help text: "a, b or c". */
export function alternatives(texts: readonly string[]): string {
  return new Intl.ListFormat("en-GB", { type: "disjunction" }).format(texts);
}
