// What a command is: arguments declared as citty declares them, and a run that gets their values and the world, and
// answers how it ended. citty's own run loop is not used: it accepts unknown flags, runs a parent after its child and
// drops the child's result.
import type { ArgDef, ArgsDef } from "citty";
import type { ConsolaInstance } from "consola/core";
import type { Environment } from "../system/paths.ts";
import type { Exit } from "./exit.ts";
import type { Interruption } from "./interruption.ts";
import type { Output } from "./output.ts";
import type { Program } from "./version.ts";

/** The world a command runs in; it reads nothing from anywhere else. */
export interface Io {
  program: Program;
  cwd: string;
  env: Environment;
  home: string;
  now: () => Date;
  output: Output;
  messages: ConsolaInstance;
  /** Whether the person asked the program to end meanwhile. */
  interruption: Interruption;
  /** What follows `--`, where the command ends in a run of a tool. */
  toolArgs: readonly string[];
}

type ValueOf<Arg extends ArgDef> = Arg extends { type: "boolean" }
  ? boolean
  : Arg extends { type: "enum"; options: readonly (infer Option)[] }
    ? Option
    : string;

/** The values of declared arguments; unlike citty's own type it knows no other names. */
export type Values<Args extends ArgsDef> = {
  [Name in keyof Args]: Args[Name] extends { required: true } ? ValueOf<Args[Name]> : ValueOf<Args[Name]> | undefined;
};

/** Arguments declared apart from a command, with their types kept as narrow as they are written. */
export function defineArgs<const Args extends ArgsDef>(args: Args): Args {
  return args;
}

export interface Command {
  args: ArgsDef;
  run(values: Record<string, string | boolean>, io: Io): Promise<Exit>;
}

/** Declares a command. What it is for stands in the registry, so that listing commands loads none of them. */
export function command<const Args extends ArgsDef>(
  args: Args,
  run: (values: Values<Args>, io: Io) => Promise<Exit>,
): Command {
  // The parser has checked every value against its declaration; only the type did not come along.
  return { args, run: (values, io) => run(values as Values<Args>, io) };
}
