// Starts the wrapped tool in the foreground with as little delay as possible, and waits for it to exit.
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Agent, ToolRequest } from "../agents/agent.ts";
import { AGENTS, agentOf } from "../agents/registry.ts";
import { commandSetting, commandVariable, type Tool } from "../agents/tool.ts";
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
import { LogWatch } from "./log-watch.ts";

/** How far the clock may drift without having been set. */
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
  /** Called when a log of the run was found. Modules whose loading would have delayed the watch may be loaded now. */
  onLogFound: () => void;
}

export interface Launched {
  command: string;
  ending: ForegroundResult;
  /** The run to finish; null if the command started no session. */
  pending: PendingFile | null;
}

/** Starts the tool in the foreground and waits for it to exit. */
export async function launch(options: LaunchOptions): Promise<Launched> {
  const { tool, toolArgs, cwd, env, home, onNotice } = options;
  const agent = agentOf(tool);
  const request = agent.readArguments(toolArgs);
  const folder = realPath(resolve(cwd, request.folder ?? "."));
  const root = projectRootOf(folder);
  const command = await toolCommand(agent, root, env, home);
  if (request.isOther) {
    const ending = await start(command, toolArgs, options, {});
    if (request.isBackground)
      onNotice("the session continues in the background: run `ctx changelog sync` after it ends to record it");
    return { command, ending, pending: null };
  }

  const { sessionId, args } = chooseSession(agent, toolArgs, request);
  const records = pendingFolder(env, home);
  const others = listPending(records, root).length;
  const abandoned = await countAbandoned(records, root);
  if (abandoned > 0) {
    const runs = abandoned === 1 ? "1 earlier run is" : `${abandoned} earlier runs are`;
    onNotice(`${runs} unfinished here: run \`ctx recover\``);
  }
  const run = describeRun(options, { root, cwd: folder, resume: request.resume, session_id: sessionId, others });
  const pending = await pendingFile(records, run);
  let isWarned = false;
  // Without its record, the run is lost if this process is killed. That deserves a warning, but is no reason to stop
  // the person's work.
  const onSaveFailed = (error: unknown) => {
    if (!isWarned) onNotice(`a crash would lose this run: ${messageOf(error)}`);
    isWarned = true;
  };
  try {
    createPending(pending);
  } catch (error) {
    onSaveFailed(error);
  }
  return { command, ending: await runTool(command, args, pending, options, onSaveFailed), pending };
}

/** Runs the tool and keeps the record of the run up to date. */
async function runTool(
  command: string,
  args: readonly string[],
  pending: PendingFile,
  options: LaunchOptions,
  onSaveFailed: (error: unknown) => void,
): Promise<ForegroundResult> {
  const { run } = pending;
  let saved = Promise.resolve();
  // After the tool exited, the record may be removed at any time: a late save must not create it again.
  let isOver = false;
  const save = () => {
    if (!isOver) saved = saved.then(() => savePending(pending)).catch(onSaveFailed);
  };
  let stopWatch = () => {};
  const startedAt = performance.now();
  const ending = await start(command, args, options, { [RUN_ENV_VAR]: runMarker(pending.path) }, (pid) => {
    stopWatch = watchLogs(pid, run, options, save);
    const snapshot = import("./run-snapshots.ts").then(({ snapshotBefore }) => snapshotBefore(run, options.now));
    snapshot.then(save, () => {});
    const identified = identifyChild(pid).then((child) => {
      run.child = formatIdentity(child);
      save();
    });
    // Without the identity, `ctx recover` only checks whether this process is alive.
    identified.catch(() => {});
  });
  stopWatch();
  if (ending.failure === null) {
    const end = options.now();
    run.started_at = startByClockOf(end, run.started_at, performance.now() - startedAt);
    run.ended_at = end.toISOString();
    save();
    const { snapshotAfter } = await import("./run-snapshots.ts");
    // Without a snapshot, the log alone shows what changed.
    await snapshotAfter(pending).catch(() => {});
    save();
  }
  isOver = true;
  await saved;
  return ending;
}

/**
 * The start of a run on the clock that shows its end. If the clock was set back during the run, the log has times
 * before the noted start, and nothing of the run would be found. A clock that was set forward hides nothing.
 */
function startByClockOf(end: Date, startedAt: string, elapsedMs: number): string {
  const start = end.getTime() - Math.round(elapsedMs);
  return Date.parse(startedAt) - start > CLOCK_SLACK_MS ? new Date(start).toISOString() : startedAt;
}

function watchLogs(
  pid: number,
  run: PendingRun,
  { env, home, onLogFound }: LaunchOptions,
  save: () => void,
): () => void {
  const agent = agentOf(run.tool);
  const runWatch = agent.watchRun(run, pid, agent.homeOf(env, home));
  const logWatch = new LogWatch(runWatch.observe, (found) => {
    runWatch.found(found);
    save();
    onLogFound();
  });
  return () => {
    logWatch.stop();
    runWatch.stop();
  };
}

async function start(
  command: string,
  args: readonly string[],
  { cwd, env }: LaunchOptions,
  marker: Environment,
  onStart: (pid: number) => void = () => {},
): Promise<ForegroundResult> {
  // These variables are set when `ctx` was started inside a session or another run. The new session must not inherit
  // them.
  const inherited = [...AGENTS.flatMap(({ sessionVariables }) => sessionVariables), RUN_ENV_VAR];
  const unset = Object.fromEntries(inherited.map((name) => [name, undefined]));
  return await runForeground([command, ...args], { cwd, env: { ...env, ...unset, ...marker }, onStart });
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

/**
 * Chooses the id of a new session if the tool allows that, so that its log is known. A resumed session already has an
 * id.
 */
function chooseSession(
  agent: Agent,
  toolArgs: readonly string[],
  { resume, sessionId }: ToolRequest,
): { sessionId: string | null; args: readonly string[] } {
  if (agent.newSessionArguments === undefined || resume !== null || sessionId !== null) {
    return { sessionId, args: toolArgs };
  }
  const chosen = crypto.randomUUID();
  return { sessionId: chosen, args: [...agent.newSessionArguments(chosen), ...toolArgs] };
}

/**
 * The environment or the user's own configuration file may name the command. A repository may not. The configuration is
 * loaded only if the file exists, because loading it is slow.
 */
async function toolCommand({ id, program }: Agent, root: string, env: Environment, home: string): Promise<string> {
  const given = env[commandVariable(id)]?.trim();
  if (given) return given;
  const file = env.AI_CODE_SESSIONS_CONFIG || join(configDirectory(env, home), "ai-code-sessions", "config.toml");
  if (!existsSync(file)) return program;
  const { loadConfig } = await import("../config/config.ts");
  return loadConfig({ root, env, home }).config[commandSetting(id)]?.value ?? program;
}

/**
 * The folder itself or its nearest parent that contains `.git`; without one, the folder itself. Git would give the same
 * answer, but takes longer.
 */
function projectRootOf(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return at;
    if (dirname(at) === at) return folder;
  }
}
