import type { ConsolaInstance } from "consola/core";
import { ExpectedError, messageOf } from "../system/errors.ts";
import { explainSystemError } from "../system/system-errors.ts";
import type { Exit } from "./exit.ts";
import { OutputClosed } from "./output.ts";
import { UsageError } from "./usage-error.ts";

/** Prints what was thrown, and says how the program ends. `name` is the command as it was called, for hints. */
export async function reportError(thrown: unknown, messages: ConsolaInstance, name: string): Promise<Exit> {
  // The user can fix an error of the file system, wherever it occurs.
  const error = explainSystemError(thrown);
  if (error instanceof OutputClosed) return "done";
  if (error instanceof UsageError) {
    messages.error(error.message, error.hint ?? `run \`${name} --help\``);
    return "usage";
  }
  if (error instanceof ExpectedError) {
    messages.error(error.message, ...(error.hint === undefined ? [] : [error.hint]));
    if (error.cause !== undefined) messages.debug(await stackOf(error.cause));
    return "failed";
  }
  messages.error(
    `${messageOf(error)}\n\n${await stackOf(error)}`,
    "this is a bug: report it with the lines above and the output of `ctx --version`",
  );
  return "bug";
}

/** The stack of an error and of its causes. */
async function stackOf(error: unknown): Promise<string> {
  const { inspect } = await import("node:util");
  return inspect(error);
}
