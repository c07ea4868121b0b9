// `ctx "label" --codex …` from its words to the tool's own exit status. Until the tool runs, next to nothing is loaded.
import type { Tool } from "../agents/tools.ts";
import { homeDirectory } from "../system/paths.ts";
import { writeStderr } from "../system/stderr.ts";
import { beginsAtScreen, type Invocation, readToolArgs } from "../wrapper/invocation.ts";
import { launch } from "../wrapper/launch.ts";
import { changelogArgs, transcriptArgs, verbosityArgs } from "./args.ts";
import { defineArgs, type Values } from "./command.ts";
import { currentFolder } from "./current-folder.ts";
import type { Exit } from "./exit.ts";
import { parseArguments } from "./parse.ts";
import { resolveSettings, resolveVerbosity } from "./resolve.ts";
import { isTerminal } from "./terminal.ts";
import type { Program } from "./version.ts";
import { visible } from "./visible.ts";

export const wrapperArgs = defineArgs({
  label: { type: "positional", required: false, description: "what the run is about; default: from the first prompt" },
  ...transcriptArgs,
  ...changelogArgs,
  ...verbosityArgs,
});

/** What a shell answers for a program that is not there, or may not be run. */
const NOT_STARTED = { ENOENT: 127, EACCES: 126 } as const;

/** Runs a tool and brings its run home. The answer is the tool's own status, whatever becomes of the run. */
export async function runWrapper({ own, tool, toolArgs }: Invocation, program: Program): Promise<Exit> {
  const { env } = process;
  const name = `${program} [label] --${tool}`;
  try {
    const parsed = parseArguments(own, wrapperArgs);
    if (parsed.help)
      return await (await import("./homecoming.ts")).showHelp(`${program} [flags] [label] --${tool} [arguments]`);
    // The parser has checked every value against its declaration.
    const values = parsed.values as Values<typeof wrapperArgs>;
    const verbosity = resolveVerbosity(values);
    const label = values.label?.trim() || (await askLabel(tool, toolArgs));
    const world = { env, home: homeDirectory(env), now: () => new Date() };
    const launched = await launch({
      ...world,
      tool,
      toolArgs,
      label,
      settings: resolveSettings(values),
      cwd: currentFolder(),
      // What keeps it from loading is told when it is needed.
      onSeen: () => void import("./homecoming.ts").catch(() => {}),
      onNotice: (notice) => verbosity !== "quiet" && writeStderr(`${visible(notice)}\n`),
    });
    const { ending } = launched;
    const homecoming = await import("./homecoming.ts");
    if (ending.failure !== null) {
      await homecoming.tellNotStarted(tool, launched, name);
      return { status: NOT_STARTED[ending.failure] };
    }
    await homecoming.bringHome(launched, verbosity, { ...world, redacts: values["no-redact"] !== true });
    return ending.signal === null ? { status: ending.code ?? 0 } : { signal: ending.signal };
  } catch (error) {
    return await (await import("./homecoming.ts")).explain(error, name);
  }
}

/** Asks what the run is about, where a person sits who can answer; null leaves it to the first prompt. */
async function askLabel(tool: Tool, toolArgs: readonly string[]): Promise<string | null> {
  if (!beginsAtScreen(readToolArgs(tool, toolArgs)) || !isTerminal("stdin") || !isTerminal("stderr")) return null;
  const { readTerminalLine } = await import("../system/read-line.ts");
  writeStderr("label (Enter: from the first prompt): ");
  const answer = await readTerminalLine();
  if (answer === null) writeStderr("\n");
  return answer?.trim() || null;
}
