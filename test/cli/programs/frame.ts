// A program on the same frame, with commands that end in every way there is.
import { readdirSync } from "node:fs";
import { command, defineArgs } from "../../../src/cli/command.ts";
import { type Exit, exitStatus } from "../../../src/cli/exit.ts";
import type { Registered } from "../../../src/cli/registry.ts";
import { runCommandLine } from "../../../src/cli/run.ts";
import { ExpectedError } from "../../../src/system/errors.ts";
import { writeStderr } from "../../../src/system/stderr.ts";

function leaf(run: () => Exit | Promise<Exit>): Registered {
  return { summary: "end in some way", load: async () => ({ default: command({}, async () => run()) }) };
}

const say = command(
  defineArgs({ verbose: { type: "boolean" }, quiet: { type: "boolean" } }),
  async (_values, { messages }) => {
    messages.debug("detail");
    messages.info("information");
    for (let time = 0; time < 8; time++) messages.warn("repeated");
    messages.error("trouble", "a hint");
    return "done";
  },
);

const commands = new Map<string, Registered>([
  ["say", { summary: "say something at every level", load: async () => ({ default: say }) }],
  [
    "end",
    {
      summary: "end in some way",
      commands: new Map<string, Registered>([
        ["later", leaf(() => "later")],
        ["status", leaf(() => ({ status: 42 }))],
        ["signal", leaf(() => ({ signal: "SIGTERM" }))],
        [
          "expected",
          leaf(() => {
            throw new ExpectedError("cannot do \u001b[2Jit", { hint: "do otherwise", cause: new Error("the cause") });
          }),
        ],
        [
          "refused",
          leaf(() => {
            readdirSync("/nowhere");
            return "done";
          }),
        ],
        [
          "bug",
          leaf(() => {
            throw new Error("we did not think of this", { cause: new Error("the cause") });
          }),
        ],
        [
          "never",
          leaf(() => {
            writeStderr("waiting\n");
            setInterval(() => {}, 60_000);
            return new Promise(() => {});
          }),
        ],
        [
          "stray-exception",
          leaf(() => {
            setTimeout(() => {
              throw new Error("thrown on the way");
            });
            return new Promise(() => {});
          }),
        ],
        [
          "stray-rejection",
          leaf(() => {
            void Promise.reject(new Error("rejected on the way"));
            return new Promise(() => {});
          }),
        ],
      ]),
    },
  ],
]);

process.exitCode = exitStatus(await runCommandLine(process.argv.slice(2), "ctx", commands));
