// Whatever was thrown, told to the person and turned into how the program ends.
import type { ConsolaInstance } from "consola/core";
import { ExpectedError, messageOf } from "../system/errors.ts";
import { explainSystemError } from "../system/system-errors.ts";
import type { Exit } from "./exit.ts";
import { OutputClosed } from "./output.ts";
import { UsageError } from "./usage-error.ts";

/** `name` is the command as it was called, for the hint that leads to its help. */
export async function report(thrown: unknown, messages: ConsolaInstance, name: string): Promise<Exit> {
  // What the machine refuses is for the user to mend, wherever we meet it.
  const error = explainSystemError(thrown);
  if (error instanceof OutputClosed) return "done";
  if (error instanceof UsageError) {
    messages.error(error.message, error.hint ?? `run \`${name} --help\``);
    return "usage";
  }
  if (error instanceof ExpectedError) {
    messages.error(error.message, ...(error.hint === undefined ? [] : [error.hint]));
    if (error.cause !== undefined) messages.debug(await describe(error.cause));
    return "failed";
  }
  messages.error(
    `${messageOf(error)}\n\n${await describe(error)}`,
    "this is a bug: please report it, with the lines above and what `--version` prints",
  );
  return "bug";
}

/** The stack of an error and of its causes. */
async function describe(error: unknown): Promise<string> {
  const { inspect } = await import("node:util");
  return inspect(error);
}
