// From a command line to the tool's own screen, with as little as possible in between, and to the tool's end.
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { claudeHome } from "../agents/claude/paths.ts";
import { sessionsOf } from "../agents/claude/process-records.ts";
import type { Tool } from "../agents/tools.ts";
import {
  countAbandoned,
  createPending,
  keptVariables,
  listPending,
  type PendingFile,
  type PendingRun,
  pendingFile,
  pendingFolder,
  RUN_ENV_VAR,
  type RunSettings,
  runMarker,
  savePending,
} from "../runs/pending.ts";
import { messageOf } from "../system/errors.ts";
import { type ForegroundResult, runForeground } from "../system/foreground.ts";
import { configDirectory, type Environment, realPath } from "../system/paths.ts";
import { formatIdentity, identifyChild } from "../system/process-identity.ts";
import { ConcurrencyWatch, codexBeside } from "./concurrent-codex.ts";
import { readToolArgs, type ToolRequest } from "./invocation.ts";
import { LogWatch, rolloutsOf } from "./log-watch.ts";

/** How far two clocks may differ that were not set. */
const CLOCK_SLACK_MS = 1_000;

export interface LaunchOptions {
  tool: Tool;
  toolArgs: readonly string[];
  label: string | null;
  settings: RunSettings;
  cwd: string;
  env: Environment;
  home: string;
  now: () => Date;
  onNotice: (notice: string) => void;
  /** A log of the run was seen: what would have kept us from looking may be done now. */
  onSeen: () => void;
}

export interface Launched {
  command: string;
  ending: ForegroundResult;
  /** The run to bring home; null when there can be none. */
  pending: PendingFile | null;
}

/** Starts the tool in the foreground and waits for its end. */
export async function launch(options: LaunchOptions): Promise<Launched> {
  const { tool, toolArgs, cwd, env, home, onNotice } = options;
  const request = readToolArgs(tool, toolArgs);
  const work = realPath(resolve(cwd, request.folder ?? "."));
  const root = projectRootOf(work);
  const command = await toolCommand(tool, root, env, home);
  if (request.other) {
    const ending = await start(command, toolArgs, options, {});
    if (request.background) onNotice("it goes on in the background: `ctx changelog sync` records it once it is over");
    return { command, ending, pending: null };
  }

  const { sessionId, args } = chooseSession(tool, toolArgs, request);
  const folder = pendingFolder(env, home);
  const others = listPending(folder, root).length;
  const abandoned = await countAbandoned(folder, root);
  if (abandoned > 0) {
    const runs = abandoned === 1 ? "a run was" : `${abandoned} runs were`;
    onNotice(`${runs} left unfinished here: run \`ctx recover\``);
  }
  const run = describeRun(options, { root, cwd: work, resume: request.resume, session_id: sessionId, others });
  const pending = await pendingFile(folder, run);
  try {
    createPending(pending);
  } catch (error) {
    // Without it the run is only safe while we live: that is worth a word, but not the person's work.
    onNotice(`a crash would lose this run: ${messageOf(error)}`);
  }
  return { command, ending: await watch(command, args, pending, options), pending };
}

/** Runs the tool and keeps the record of the run up to date. */
async function watch(
  command: string,
  args: readonly string[],
  pending: PendingFile,
  options: LaunchOptions,
): Promise<ForegroundResult> {
  const { run } = pending;
  // One after the other; a record that cannot be written is no reason to disturb who works.
  let saved = Promise.resolve();
  // Once the tool is gone, whoever finishes the run removes the record: what comes late must not write it anew.
  let isOver = false;
  const save = () => {
    if (!isOver) saved = saved.then(() => savePending(pending)).catch(() => {});
  };
  let stopWatch = () => {};
  const began = performance.now();
  const ending = await start(command, args, options, { [RUN_ENV_VAR]: runMarker(pending.path) }, (pid) => {
    stopWatch = watchLogs(pid, run, options, save);
    const looked = import("./run-snapshots.ts").then(({ snapshotBefore: lookBefore }) => lookBefore(run, options.now));
    looked.then(save, () => {});
    const identified = identifyChild(pid).then((child) => {
      run.child = formatIdentity(child);
      save();
    });
    // Without it `ctx recover` goes by our own process alone.
    identified.catch(() => {});
  });
  stopWatch();
  if (ending.failure === null) {
    const end = options.now();
    run.started_at = startByClockOf(end, run.started_at, performance.now() - began);
    run.ended_at = end.toISOString();
    save();
    const { snapshotAfter: lookAfter } = await import("./run-snapshots.ts");
    // What nobody saw, the log tells as far as it can.
    await lookAfter(pending).catch(() => {});
    save();
  }
  isOver = true;
  await saved;
  return ending;
}

/**
 * When a run began, as the clock that shows its end would have told it: a clock that was set back meanwhile put times
 * into the log that lie before the start, and nothing of the run would be found. One set forward hides nothing.
 */
function startByClockOf(end: Date, startedAt: string, elapsedMs: number): string {
  const start = end.getTime() - Math.round(elapsedMs);
  return Date.parse(startedAt) - start > CLOCK_SLACK_MS ? new Date(start).toISOString() : startedAt;
}

function watchLogs(pid: number, run: PendingRun, options: LaunchOptions, save: () => void): () => void {
  const { env, home, onSeen } = options;
  const isCodex = run.tool === "codex";
  const look = isCodex ? rolloutsOf(pid) : sessionsOf(pid, claudeHome(env, home), Date.parse(run.started_at));
  const kept = isCodex ? run.logs : run.sessions;
  const screens = isCodex ? new ConcurrencyWatch(codexBeside(pid), run.root) : null;
  const watch = new LogWatch(look, (found) => {
    kept.push(...found);
    // Who else is there matters only while a daemon writes what the tool does.
    screens?.stop();
    save();
    onSeen();
  });
  return () => {
    watch.stop();
    run.alone = screens?.finish() ?? false;
  };
}

async function start(
  command: string,
  args: readonly string[],
  { cwd, env }: LaunchOptions,
  mark: Environment,
  onStart: (pid: number) => void = () => {},
): Promise<ForegroundResult> {
  // Set when we were started inside Codex, or inside another run: this session is another one.
  const own = { ...env, CODEX_THREAD_ID: undefined, [RUN_ENV_VAR]: undefined, ...mark };
  return await runForeground([command, ...args], { cwd, env: own, onStart });
}

function describeRun(
  { tool, label, settings, env, now }: LaunchOptions,
  place: Pick<PendingRun, "root" | "cwd" | "resume" | "session_id" | "others">,
): PendingRun {
  return {
    schema_version: 1,
    tool,
    label,
    ...place,
    env: keptVariables(env),
    settings,
    started_at: now().toISOString(),
    ended_at: null,
    before: null,
    after: null,
    released: false,
    child: null,
    logs: [],
    alone: false,
    sessions: [],
    bound: null,
  };
}

/** A new session of Claude Code gets an id from us, so that its log needs no finding; one that goes on has its own. */
function chooseSession(
  tool: Tool,
  toolArgs: readonly string[],
  { resume, sessionId }: ToolRequest,
): { sessionId: string | null; args: readonly string[] } {
  if (tool === "codex" || resume !== null || sessionId !== null) return { sessionId, args: toolArgs };
  const chosen = crypto.randomUUID();
  return { sessionId: chosen, args: ["--session-id", chosen, ...toolArgs] };
}

/** The environment or the user's own file may name the command, a repository never. Configuration is slow to load. */
async function toolCommand(tool: Tool, root: string, env: Environment, home: string): Promise<string> {
  const given = (tool === "codex" ? env.CTX_CODEX_CMD : env.CTX_CLAUDE_CMD)?.trim();
  if (given) return given;
  const file = env.AI_CODE_SESSIONS_CONFIG || join(configDirectory(env, home), "ai-code-sessions", "config.toml");
  if (!existsSync(file)) return tool;
  const { loadConfig } = await import("../config/config.ts");
  const { config } = loadConfig({ root, env, home });
  return (tool === "codex" ? config.codexCommand : config.claudeCommand)?.value ?? tool;
}

/** The nearest folder upwards that holds a repository, else the folder itself: as git has it, without asking git. */
function projectRootOf(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return at;
    if (dirname(at) === at) return folder;
  }
}
