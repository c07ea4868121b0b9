// A command line from its words to how it ended: find the command, read its arguments, run it, report what fails.
import type { ArgsDef } from "citty";
import { homeDirectory } from "../system/paths.ts";
import { writeStderr } from "../system/stderr.ts";
import { defineArgs, type Io } from "./command.ts";
import { currentFolder } from "./current-folder.ts";
import type { Exit } from "./exit.ts";
import { findCommand } from "./find.ts";
import { renderCommandHelp, renderGroupHelp, usageOf } from "./help.ts";
import { watchSignals } from "./interruption.ts";
import { createMessages } from "./messages.ts";
import { createOutput } from "./output.ts";
import { parseArguments } from "./parse.ts";
import { type Group, type Registry, registry } from "./registry.ts";
import { report } from "./report.ts";
import { resolveVerbosity } from "./resolve.ts";
import { isTerminal, pageStyle } from "./terminal.ts";
import type { Program } from "./version.ts";

const SUMMARY = "turn each run of a coding agent into a readable transcript and one true changelog entry";

const NOTE = 'Run `ctx "label" --codex` or `ctx "label" --claude` to start a tool and keep what it does.';

/** What the program takes without a command. */
const ROOT_ARGS = defineArgs({
  version: { type: "boolean", alias: "V", description: "print version, commit and target; with `--json` as JSON" },
});

/** Runs one command line to its end. Never throws: the answer says how it went. */
export async function runCommandLine(
  argv: readonly string[],
  program: Program,
  commands: Registry = registry,
): Promise<Exit> {
  const { env } = process;
  let messages = createMessages(isTerminal("stderr"), env, "normal");
  let name: string = program;
  try {
    // `ctx help x` is `ctx x --help`.
    const words = argv[0] === "help" ? [...argv.slice(1), "--help"] : argv;
    const { node, path, rest } = findCommand({ summary: SUMMARY, note: NOTE, commands }, words);
    name = [program, ...path].join(" ");
    if ("commands" in node) return await listCommands(name, node, rest, path.length === 0 ? ROOT_ARGS : {});
    const { default: command } = await node.load();
    const wraps = node.wraps === true;
    const { own, toolArgs } = wraps ? splitAtDashes(rest) : { own: rest, toolArgs: [] };
    const { values, help } = parseArguments(own, command.args);
    const output = createOutput(isTerminal("stdout"));
    if (help) {
      const usage = `${usageOf(name, command.args)}${wraps ? " [-- arguments]" : ""}`;
      await output.text(renderCommandHelp(usage, node.summary, command.args, pageStyle("stdout", env)));
      return "done";
    }
    messages = createMessages(isTerminal("stderr"), env, resolveVerbosity(values));
    const now = () => new Date();
    const interruption = wraps ? { signal: null } : watchSignals();
    const cwd = currentFolder();
    const io: Io = { program, cwd, env, home: homeDirectory(env), now, output, messages, interruption, toolArgs };
    const { useOwnSecretRules } = await import("./own-secrets.ts");
    useOwnSecretRules(env, io.home);
    const exit = await Promise.race([command.run(values, io), strayError()]);
    return interruption.signal === null ? exit : { signal: interruption.signal };
  } catch (error) {
    return await report(error, messages, name);
  }
}

/** A group has nothing to run. Asked for, the list of its commands is data; unasked, it is a complaint. */
async function listCommands(name: string, group: Group, rest: readonly string[], args: ArgsDef): Promise<Exit> {
  const { help } = parseArguments(rest, args);
  const page = renderGroupHelp(name, group, args, pageStyle(help ? "stdout" : "stderr", process.env));
  if (help) await createOutput(isTerminal("stdout")).text(page);
  else writeStderr(page);
  return help ? "done" : "usage";
}

/** What stands before the first `--`, and what after it. */
function splitAtDashes(words: readonly string[]): { own: readonly string[]; toolArgs: readonly string[] } {
  const cut = words.indexOf("--");
  return cut === -1 ? { own: words, toolArgs: [] } : { own: words.slice(0, cut), toolArgs: words.slice(cut + 1) };
}

/** Rejects with an error nobody awaited, so that it is reported like any other. */
function strayError(): Promise<never> {
  return new Promise((_, reject) => {
    process.on("uncaughtException", reject);
    process.on("unhandledRejection", reject);
  });
}
