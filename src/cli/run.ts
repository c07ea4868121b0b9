// Runs a command line: finds the command, parses its arguments, runs it and reports its errors. citty's own run loop is
// not used: it finds commands by inherited names, runs a parent after its child and exits 1 on every failure.
import type { ParsedArgs } from "citty";
import { homeDirectory } from "../system/paths.ts";
import { writeStderr } from "../system/stderr.ts";
import type { Args } from "./args.ts";
import type { CommandNode, Io } from "./command.ts";
import type { Exit } from "./exit.ts";
import { type HelpPage, printHelp, renderHelp } from "./help.ts";
import { createMessages } from "./messages.ts";
import { createOutput } from "./output.ts";
import { parseArguments } from "./parse.ts";
import { registry } from "./registry.ts";
import { reportError } from "./report-error.ts";
import { currentFolder, resolveVerbosity } from "./resolve.ts";
import { watchSignals } from "./signals.ts";
import { suggest } from "./suggest.ts";
import { isTerminal, pageStyle } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";
import type { Program } from "./version.ts";

/** Runs one command line to its end. Never throws. */
export async function runCommandLine(
  argv: readonly string[],
  program: Program,
  root: CommandNode = registry,
): Promise<Exit> {
  const { env } = process;
  let messages = createMessages(isTerminal("stderr"), env, "normal");
  let name: string = program;
  try {
    // `ctx help x` is `ctx x --help`.
    const words = argv[0] === "help" ? [...argv.slice(1), "--help"] : argv;
    const { command, path } = findCommand(root, words);
    name = [program, ...path].join(" ");
    const { startsTool = false, subCommands } = command;
    const rest = words.slice(path.length);
    const dashes = startsTool ? rest.indexOf("--") : -1;
    const args = await argsOf(command);
    const values = parseArguments(dashes === -1 ? rest : rest.slice(0, dashes), args);
    const page: HelpPage = { ...command, name, args, usageEnd: startsTool ? " [-- <ARGUMENT>...]" : undefined };
    if (values === null) {
      await printHelp(page);
      return "done";
    }
    if (subCommands !== undefined) {
      writeStderr(await renderHelp(page, pageStyle("stderr", env)));
      return "usage";
    }
    messages = createMessages(isTerminal("stderr"), env, resolveVerbosity(values));
    // The tool handles signals itself.
    const interruption = startsTool ? { signal: null } : watchSignals();
    const io: Io = {
      program,
      cwd: currentFolder(),
      env,
      home: homeDirectory(env),
      now: () => new Date(),
      output: createOutput(isTerminal("stdout")),
      messages,
      interruption,
      toolArgs: dashes === -1 ? [] : rest.slice(dashes + 1),
    };
    const { useUserSecretRules } = await import("./user-secret-rules.ts");
    await useUserSecretRules(env, io.home);
    const running: Promise<Exit> = command.run?.({ rawArgs: rest, args: values as ParsedArgs, cmd: command, data: io });
    const exit = await Promise.race([running, unhandledError()]);
    return interruption.signal === null ? exit : { signal: interruption.signal };
  } catch (error) {
    return await reportError(error, messages, name);
  }
}

/** Follows the leading words of a command line to a command; stops at a flag, or at a group when no word is left. */
function findCommand(root: CommandNode, words: readonly string[]): { command: CommandNode; path: string[] } {
  let command = root;
  const path: string[] = [];
  while (command.subCommands !== undefined) {
    const word = words[path.length];
    if (word === undefined || word.startsWith("-")) break;
    const commands = command.subCommands;
    const next = Object.hasOwn(commands, word) ? commands[word] : undefined;
    if (next === undefined) throw unknownCommand(word, path, Object.keys(commands));
    path.push(word);
    command = next;
  }
  return { command, path };
}

function unknownCommand(word: string, path: readonly string[], names: readonly string[]): UsageError {
  const nearest = suggest(word, names, 0.25);
  const full = [...path, nearest].join(" ");
  return new UsageError(`unknown command \`${[...path, word].join(" ")}\``, nearest && `did you mean \`${full}\`?`);
}

async function argsOf({ args = {} }: CommandNode): Promise<Args> {
  return await (typeof args === "function" ? args() : args);
}

/** Rejects with the first error that no other code catches, so that it is reported like any other. */
function unhandledError(): Promise<never> {
  return new Promise((_, reject) => {
    process.on("uncaughtException", reject);
    process.on("unhandledRejection", reject);
  });
}
