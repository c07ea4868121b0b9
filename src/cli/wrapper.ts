// Runs `ctx "label" --codex …`. Little is loaded before the tool starts: not even citty, as long as no flag is given.
import { agentOf } from "../agents/registry.ts";
import type { Tool } from "../agents/tool.ts";
import { homeDirectory } from "../system/paths.ts";
import { writeStderr } from "../system/stderr.ts";
import { type Invocation, startsAtScreen } from "../wrapper/invocation.ts";
import { launch } from "../wrapper/launch.ts";
import type { Values, wrapperArgs } from "./args.ts";
import type { Exit } from "./exit.ts";
import { currentFolder, resolveSettings, resolveVerbosity } from "./resolve.ts";
import { isTerminal } from "./terminal.ts";
import { escapeControls } from "./terminal-escape.ts";
import type { Program } from "./version.ts";

/** The exit statuses of a shell for a program that does not exist or cannot be executed. */
const NOT_STARTED = { ENOENT: 127, EACCES: 126 } as const;

/** Runs a tool, then exports and records its run. The exit status is the tool's, even if that fails. */
export async function runWrapper({ own, tool, toolArgs }: Invocation, program: Program): Promise<Exit> {
  const { env } = process;
  const name = `${program} [label] --${tool}`;
  try {
    const values = await parseOwn(own);
    if (values === null) return await printWrapperHelp(program, tool);
    const verbosity = resolveVerbosity(values);
    const label = values.label?.trim() || (await askLabel(tool, toolArgs));
    const context = { env, home: homeDirectory(env), now: () => new Date() };
    const launched = await launch({
      ...context,
      tool,
      toolArgs,
      label,
      settings: resolveSettings(values),
      cwd: currentFolder(),
      // Loaded early to save time; an error in the module is reported by the import below.
      onLogFound: () => void import("./finish-wrapped-run.ts").catch(() => {}),
      onNotice: (notice) => verbosity !== "quiet" && writeStderr(`${escapeControls(notice)}\n`),
    });
    const { ending } = launched;
    const { finishAndReport, reportNotStarted } = await import("./finish-wrapped-run.ts");
    if (ending.failure !== null) {
      await reportNotStarted(tool, launched, name);
      return { status: NOT_STARTED[ending.failure] };
    }
    await finishAndReport(launched, verbosity, { ...context, redacts: values.redact !== false });
    return ending.signal === null ? { status: ending.code ?? 0 } : { signal: ending.signal };
  } catch (error) {
    const { report } = await import("./finish-wrapped-run.ts");
    return await report(error, name);
  }
}

/** Null when help is asked for. */
async function parseOwn(own: readonly string[]): Promise<Values<typeof wrapperArgs> | null> {
  const [label] = own;
  if (own.length <= 1 && !label?.startsWith("-")) return { label };
  const { wrapperArgs } = await import("./args.ts");
  const { parseArguments } = await import("./parse.ts");
  return parseArguments(own, wrapperArgs) as Values<typeof wrapperArgs> | null;
}

async function printWrapperHelp(program: Program, tool: Tool): Promise<Exit> {
  const { wrapperArgs } = await import("./args.ts");
  const { printHelp } = await import("./help.ts");
  const description = "run the tool as usual, then export its run and record a changelog entry";
  const usageEnd = ` --${tool} [<ARGUMENT>...]`;
  await printHelp({ name: program, meta: { description }, args: wrapperArgs, usageEnd });
  return "done";
}

/** Asks on the terminal what the run is about; null if the first prompt is to be the label. */
async function askLabel(tool: Tool, toolArgs: readonly string[]): Promise<string | null> {
  if (!startsAtScreen(agentOf(tool).readArguments(toolArgs)) || !isTerminal("stdin") || !isTerminal("stderr"))
    return null;
  const { readTerminalLine } = await import("../system/read-line.ts");
  writeStderr("label (Enter: use the first prompt): ");
  const answer = await readTerminalLine();
  if (answer === null) writeStderr("\n");
  return answer?.trim() || null;
}
