// A program with the command line of `ctx` and commands that end in every possible way.
import { readdirSync } from "node:fs";
import { type Args, defineArgs } from "../../../src/cli/args.ts";
import type { CommandNode, Io } from "../../../src/cli/command.ts";
import { type Exit, exitStatus } from "../../../src/cli/exit.ts";
import { lazyCommand } from "../../../src/cli/registry.ts";
import { runCommandLine } from "../../../src/cli/run.ts";
import { ExpectedError } from "../../../src/system/errors.ts";
import { writeStderr } from "../../../src/system/stderr.ts";

function leaf(run: () => Exit | Promise<Exit>): CommandNode {
  return lazyCommand<Args>("end in some way", async () => ({ args: {}, run: async () => run() }));
}

const sayArgs = defineArgs({ verbose: { type: "boolean" }, quiet: { type: "boolean" } });

async function say(_values: unknown, { messages }: Io): Promise<Exit> {
  messages.debug("detail");
  messages.info("information");
  for (let time = 0; time < 8; time++) messages.warn("repeated");
  messages.error("trouble", "a hint");
  return "done";
}

const root: CommandNode = {
  meta: { description: "end in every way" },
  subCommands: {
    say: lazyCommand("say something at every level", async () => ({ args: sayArgs, run: say })),
    end: {
      meta: { description: "end in some way" },
      subCommands: {
        later: leaf(() => "later"),
        status: leaf(() => ({ status: 42 })),
        signal: leaf(() => ({ signal: "SIGTERM" })),
        expected: leaf(() => {
          throw new ExpectedError("cannot do \u001b[2Jit", { hint: "do otherwise", cause: new Error("the cause") });
        }),
        refused: leaf(() => {
          readdirSync("/nowhere");
          return "done";
        }),
        bug: leaf(() => {
          throw new Error("we did not think of this", { cause: new Error("the cause") });
        }),
        never: leaf(() => {
          writeStderr("waiting\n");
          setInterval(() => {}, 60_000);
          return new Promise(() => {});
        }),
        "stray-exception": leaf(() => {
          setTimeout(() => {
            throw new Error("thrown on the way");
          });
          return new Promise(() => {});
        }),
        "stray-rejection": leaf(() => {
          void Promise.reject(new Error("rejected on the way"));
          return new Promise(() => {});
        }),
      },
    },
  },
};

process.exitCode = exitStatus(await runCommandLine(process.argv.slice(2), "ctx", root));
