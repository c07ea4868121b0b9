// Runs a scenario with the real Codex and writes test/fixtures/codex/<name>/: the logs in sessions/ as Codex wrote them,
// truth.json with what each run did, and repo.bundle with the repository after the last run. Times, ids and hashes differ
// between recordings; everything else depends on the scenario alone.
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { Commit } from "../../src/evidence/evidence.ts";
import { run } from "../../src/system/spawn.ts";
import { codexPath } from "../../test/clients/clients.ts";
import {
  type CodexSandbox,
  gitIn,
  prepareCodex,
  prepareRepository,
  runCodex,
  writeFiles,
} from "../../test/clients/codex-session.ts";
import { knownCommits, newCommits, WorktreeSnapshots } from "../../test/clients/git-account.ts";
import { startResponsesEndpoint } from "../../test/clients/responses-endpoint.ts";
import { type HistoryItem, scriptFor, subagentOf } from "./agent-script.ts";
import { factsInLog, mergeTouchedFiles, NO_FILES } from "./ground-truth.ts";
import { omitInstructions } from "./omit-instructions.ts";
import type { Scenario, ScenarioRun, Subagent } from "./scenario.ts";
import { runInTerminal } from "./terminal.ts";

const HOME = "/home/dev";
const FIXTURES = "test/fixtures/codex";
/** The pause between runs. Git times have a resolution of a second, so two runs must not share one. */
const PAUSE_MS = 1_500;

export async function recordScenario(scenario: Scenario): Promise<void> {
  await emptyFolder(HOME);
  const sandbox = await prepareCodex({ home: HOME, url: "", settings: scenario.settings });
  if (scenario.rules !== undefined) await writeFiles(sandbox.codexHome, { "rules/default.rules": scenario.rules });
  await prepareFolder(sandbox, scenario);
  const top = join(HOME, scenario.worktree ?? scenario.folder);
  const snapshots = await WorktreeSnapshots.of(sandbox, top);
  const recording: Recording = { scenario, sandbox, top, snapshots, sessions: [] };
  const windows = [];
  for (const scenarioRun of scenario.runs) {
    windows.push(...(await playRun(recording, scenarioRun)));
    await Bun.sleep(PAUSE_MS);
  }
  await snapshots.close();
  await writeFixture(scenario, sandbox, top, windows);
}

async function prepareFolder(sandbox: CodexSandbox, scenario: Scenario): Promise<void> {
  const top = join(HOME, scenario.folder);
  await mkdir(top, { recursive: true });
  if (Object.keys(scenario.files).length > 0) await prepareRepository(sandbox, top, scenario.files);
  if (scenario.setup === undefined) return;
  const setup = await run(["bash", "-euc", scenario.setup], { cwd: top, env: sandbox.env });
  if (setup.code !== 0) throw new Error(`${scenario.name}: setup failed: ${setup.stderr}`);
}

interface Recording {
  scenario: Scenario;
  sandbox: CodexSandbox;
  /** The top level of the worktree. */
  top: string;
  snapshots: WorktreeSnapshots;
  /** The ids of the sessions so far, without subagents. A run that starts a session adds its id. */
  sessions: string[];
}

/** Returns a window for the session, which includes what its subagents did, and one for each subagent. */
async function playRun(recording: Recording, scenarioRun: ScenarioRun) {
  const { sandbox, top, snapshots, sessions } = recording;
  const commits = await knownCommits(sandbox, top);
  const before = await snapshots.take();
  const logs = new Set(await logPaths(sandbox));
  const times = await launch(recording, scenarioRun);
  const after = await snapshots.take();
  const opened = (await logPaths(sandbox)).filter((path) => !logs.has(path));
  const heads = await Promise.all(opened.map((path) => readHead(join(sandbox.codexHome, path))));
  const session = heads.find((head) => !head.isSubagent)?.id ?? sessions[0];
  if (session === undefined) throw new Error(`${recording.scenario.name}: codex wrote no log`);
  if (!sessions.includes(session)) sessions.push(session);
  const subagents = scenarioRun.subagents ?? [];
  const everyAgent = [scenarioRun, ...subagents];
  const expect = {
    prompts: [scenarioRun.prompt, ...(scenarioRun.terminal?.typed ?? [])],
    tests: everyAgent.flatMap(({ tests = [] }) => tests),
    failed_commands: everyAgent.flatMap(({ failedCommands = [] }) => failedCommands),
    failed_edits: everyAgent.flatMap(({ failedEdits = [] }) => failedEdits),
    touched_files: mergeTouchedFiles(await snapshots.compare(before, after), scenarioRun.outside),
    commits: await newCommits(sandbox, top, commits),
  };
  const log = scenarioRun.inLog && factsInLog(expect, scenarioRun.inLog);
  const withLogs = await subagentsWithLogs(sandbox, subagents);
  return [
    { session_id: session, ...times, expect, ...(log && { log }) },
    ...withLogs.map(({ id, subagent }) => ({
      session_id: id,
      ...times,
      subagent: true,
      expect: expectedOfSubagent(subagent, subagents, expect.commits),
    })),
  ];
}

/** The subagents with the ids from their logs, in the order of the logs. A subagent may have started in an earlier run. */
async function subagentsWithLogs(sandbox: CodexSandbox, subagents: readonly Subagent[]) {
  const found = [];
  for (const path of await logPaths(sandbox)) {
    const log = join(sandbox.codexHome, path);
    const { id, isSubagent } = await readHead(log);
    const subagent = isSubagent ? subagentOf(await readHistory(log), subagents) : undefined;
    if (subagent !== undefined) found.push({ id, subagent });
  }
  if (found.length !== subagents.length) throw new Error(`${found.length} of ${subagents.length} subagents have a log`);
  return found;
}

/** Runs Codex against an endpoint that plays the script. The times are taken before and after the process. */
async function launch({ scenario, sandbox, top, sessions }: Recording, scenarioRun: ScenarioRun) {
  const { prompt, flags = [], interruptAfterMs, terminal, steps } = scenarioRun;
  const mode = scenarioRun.session ?? (sessions.length === 0 ? "new" : "resume");
  const target = mode === "new" ? [] : [mode, ...(mode === "review" ? [] : [sessions[0] ?? ""])];
  const options = ["-m", scenario.model, ...flags];
  const endpoint = await startResponsesEndpoint(scriptFor(scenarioRun));
  await prepareCodex({ home: HOME, url: endpoint.url, settings: scenario.settings });
  const codex = codexPath(scenario.version);
  const cwd = resolve(top, scenario.startIn ?? ".");
  const start = new Date().toISOString();
  let rc: number | null = 0;
  let args = ["exec", ...options, ...target, prompt];
  if (terminal !== undefined) {
    args = [...target, ...options, prompt];
    await runInTerminal(sandbox, endpoint, { codex, cwd, args, typed: terminal.typed, steps });
  } else {
    const interrupt = interruptAfterMs === undefined ? {} : { interruptAfterMs };
    const result = await runCodex(sandbox, { codex, cwd, args: args.slice(1), ...interrupt });
    rc = result.code;
    if (result.timedOut || (rc !== 0 && interruptAfterMs === undefined)) {
      throw new Error(`${scenario.name}: codex exited with ${rc}: ${result.stdout}\n${result.stderr}`);
    }
  }
  const end = new Date().toISOString();
  await endpoint.stop();
  return { start, end, rc, args };
}

/** What the log of a subagent shows: its own steps, and those of the subagents it started. */
function expectedOfSubagent(subagent: Subagent, all: readonly Subagent[], ofRun: readonly Commit[]) {
  const everyAgent = [subagent, ...all.filter((other) => other.parent === subagent.prompt)];
  const subjects = everyAgent.flatMap(({ commits = [] }) => commits);
  return {
    prompts: subagent.taskIsPrompt === true ? [subagent.prompt] : [],
    tests: everyAgent.flatMap(({ tests = [] }) => tests),
    failed_commands: everyAgent.flatMap(({ failedCommands = [] }) => failedCommands),
    failed_edits: everyAgent.flatMap(({ failedEdits = [] }) => failedEdits),
    touched_files: everyAgent.reduce((touched, { touchedFiles }) => mergeTouchedFiles(touched, touchedFiles), NO_FILES),
    commits: ofRun.filter(({ message }) => subjects.includes(message)),
  };
}

async function logPaths(sandbox: CodexSandbox): Promise<string[]> {
  const names = await readdir(join(sandbox.codexHome, "sessions"), { recursive: true }).catch(() => []);
  return names
    .filter((name) => name.endsWith(".jsonl"))
    .map((name) => join("sessions", name))
    .sort();
}

async function readHead(path: string): Promise<{ id: string; isSubagent: boolean }> {
  const [first = ""] = (await readFile(path, "utf8")).split("\n");
  const head = JSON.parse(first);
  // The oldest logs have items without an envelope.
  const { id, source } = head.payload ?? head;
  return { id, isSubagent: source?.subagent !== undefined };
}

async function readHistory(path: string): Promise<HistoryItem[]> {
  const lines = (await readFile(path, "utf8")).split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line).payload ?? {});
}

async function writeFixture(scenario: Scenario, sandbox: CodexSandbox, top: string, windows: { session_id: string }[]) {
  const folder = join(FIXTURES, scenario.name);
  await emptyFolder(folder);
  const files = await logPaths(sandbox);
  for (const file of files) {
    const lines = (await readFile(join(sandbox.codexHome, file), "utf8")).split("\n");
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), lines.map((line) => (line === "" ? "" : omitInstructions(line))).join("\n"));
  }
  const { version, model } = scenario;
  const dirty = await gitIn(sandbox, top, "status", "--porcelain", "--untracked-files=all");
  const cwd = resolve(top, scenario.startIn ?? ".");
  const truth = { version, model, top, cwd, session_id: windows[0]?.session_id, windows, dirty, files };
  await writeFile(join(folder, "truth.json"), `${JSON.stringify(truth, null, 1)}\n`);
  await gitIn(sandbox, top, "bundle", "create", "--quiet", resolve(folder, "repo.bundle"), "--all", "HEAD");
}

/** Empties a folder without removing it, because it may be a mount point. */
async function emptyFolder(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  for (const name of await readdir(dir)) await rm(join(dir, basename(name)), { recursive: true, force: true });
}
