// The real Claude Code inside the wrapper: each run is tied to the very logs its own Claude Code wrote.
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { run } from "../../src/system/spawn.ts";
import type { Recovery } from "../../src/wrap/recover.ts";
import { type ClaudeSandbox, prepareClaude } from "./claude-session.ts";
import { claudePath } from "./clients.ts";
import { prepareRepository } from "./codex-session.ts";
import {
  type MessagesBody,
  type MessagesEndpoint,
  type MessagesStep,
  startMessagesEndpoint,
} from "./messages-endpoint.ts";
import { Terminal } from "./terminal.ts";

const MAIN = resolve(import.meta.dir, "../../src/main.ts");
const CLAUDE = claudePath("2.1.330");
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

let home: string;
let repository: string;
let sandbox: ClaudeSandbox;
let endpoint: MessagesEndpoint;

/** Each prompt names its worker; the model then makes a file of that name, and is done. One is slow, one never done. */
function answer({ messages }: MessagesBody): MessagesStep {
  const asked = messages.map((message) => JSON.stringify(message));
  const prompt = asked.findLast((message) => message.includes("Make a file, ")) ?? "";
  const worker = /Make a file, (worker-\d+)/.exec(prompt)?.[1] ?? "nobody";
  if (asked.at(-1)?.includes("tool_result")) return { say: `Made ${worker}.` };
  const delayMs = worker === "worker-9" ? 2_000 : 0;
  return { run: `echo made > ${worker}.txt${worker === "worker-0" ? "; tail -f /dev/null" : ""}`, delayMs };
}

beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), "ctx-claude-")));
  repository = join(home, "shop");
  endpoint = await startMessagesEndpoint(answer);
  sandbox = await prepareClaude({ home, url: endpoint.url, trusted: [repository] });
  Object.assign(sandbox.env, { CTX_CLAUDE_CMD: CLAUDE, XDG_STATE_HOME: join(home, "state") });
  await prepareRepository(sandbox, repository, { "README.md": "# Shop\n" });
});
afterEach(async () => {
  await endpoint.stop();
  await rm(home, { recursive: true, force: true });
});

describe("claude --print", () => {
  test("new, resumed by id, continued, forked: each run is tied to its session", async () => {
    const began = await print("Begin", "Make a file, worker-1");
    const [[log = "", rule] = []] = began.bound;
    expect(rule).toBe("session-id");
    const id = basename(log, ".jsonl");

    expect(await print("By id", "--resume", id, "Make a file, worker-2")).toEqual({
      code: 0,
      bound: [[log, "resumed"]],
    });
    expect(await print("Last", "--continue", "Make a file, worker-3")).toEqual({
      code: 0,
      bound: [[log, "process-record"]],
    });
    const fork = await print("Fork", "--continue", "--fork-session", "Make a file, worker-4");
    const [[copy = "", forkRule] = []] = fork.bound;
    expect(forkRule).toBe("session-id");
    expect(copy).not.toBe(log);

    const sessions = await planned();
    expect(sessions.get("Last")).toEqual([{ path: log, rule: "process-record", sessionId: id, label: "Last" }]);
    expect([...sessions.keys()].sort()).toEqual(["Begin", "By id", "Fork", "Last"]);
    expect(await prompts(copy)).toContain("worker-4");
    expect(await prompts(log)).not.toContain("worker-4");
  }, 120_000);

  test("three at once in one folder: each its own", async () => {
    const workers = ["worker-1", "worker-2", "worker-3"];
    const runs = await Promise.all(workers.map((worker) => print(worker, `Make a file, ${worker}`)));
    for (const [index, { code, bound }] of runs.entries()) {
      expect([code, bound.length]).toEqual([0, 1]);
      expect(await prompts(bound[0]?.[0] ?? "")).toEqual([workers[index] ?? ""]);
    }
  }, 120_000);

  test("ctx was killed, and a launcher stood between: the run is tied to what it was seen to work in", async () => {
    const [[log = ""] = []] = (await print("Begin", "Make a file, worker-1")).bound;
    const launcher = join(home, "launcher");
    await writeFile(launcher, `#!/bin/sh\n"${CLAUDE}" "$@"\nexit $?\n`, { mode: 0o755 });
    const words = ["Killed", "--claude", "--print", "--dangerously-skip-permissions", "--continue"];
    const child = Bun.spawn([process.execPath, MAIN, ...words, "Make a file, worker-9"], {
      cwd: repository,
      env: { ...sandbox.env, CTX_CLAUDE_CMD: launcher },
      stdio: ["ignore", "ignore", "ignore"],
    });
    const isSeen = (record: string) => record.includes('"Killed"') && record.includes(basename(log, ".jsonl"));
    while (!(await pending()).some(isSeen)) await Bun.sleep(20);
    child.kill("SIGKILL");
    await child.exited;

    let killed = (await planned()).get("Killed");
    while (killed === undefined) killed = (await planned()).get("Killed");
    expect(killed).toMatchObject([{ path: log, rule: "process-record" }]);
    expect(await prompts(log)).toEqual(["worker-1", "worker-9"]);
  }, 120_000);

  test("a session that is not there: its status is ours, and nothing is kept", async () => {
    const missing = await print("Gone", "--resume", crypto.randomUUID(), "go");
    expect(missing).toEqual({ code: 1, bound: [] });
    expect(await planned()).toEqual(new Map());
  }, 60_000);
});

describe("the screen of claude", () => {
  test("/clear begins a second log of the run, /resume goes back to the first; the terminal is left as Claude Code leaves it", async () => {
    await using terminal = await Terminal.open({ cwd: repository, env: environment() });
    await open(terminal, "$CLAUDE");
    await say(terminal, "/exit", /status 0/);
    const alone = await stateOf(terminal);

    await open(terminal, "$CTX Fix --claude");
    await say(terminal, "Make a file, worker-1", "Made worker-1.");
    await say(terminal, "/clear", (screen) => !screen.includes("Made worker-1."));
    await say(terminal, "Make a file, worker-2", "Made worker-2.");
    await say(terminal, "/resume", "Enter to resume");
    await terminal.press("Enter");
    await terminal.waitFor("Made worker-1.");
    await say(terminal, "Make a file, worker-3", "Made worker-3.");
    await say(terminal, "/exit", /status 0/);
    expect(await stateOf(terminal)).toEqual(alone);
    expect(existsSync(join(repository, "worker-3.txt"))).toBe(true);

    const bound = (await planned()).get("Fix") ?? [];
    expect(bound.map(({ rule }) => rule)).toEqual(["session-id", "process-record"]);
    const told = await Promise.all(bound.map(({ path }) => prompts(path)));
    expect(told).toEqual([["worker-1", "worker-3"], ["worker-2"]]);
  }, 120_000);

  test("Ctrl-Z, a new size, Esc in a tool and Ctrl-C are Claude Code's; opened and closed, it leaves no record", async () => {
    await using terminal = await Terminal.open({ cwd: repository, env: environment() });
    await open(terminal, "$CTX Empty --claude");
    await say(terminal, "/exit", /status 0/);
    expect(await planned()).toEqual(new Map());

    await open(terminal, "$CTX Fix --claude");
    await terminal.press("C-z");
    await terminal.waitFor("Stopped");
    // The shell goes on in its list when a job is stopped.
    await terminal.enter("fg; echo status $?");
    await terminal.waitFor("bypass permissions on");
    await terminal.resize(90, 30);
    await terminal.waitFor(/^─{90}$/m);
    await say(terminal, "Make a file, worker-0", () => existsSync(join(repository, "worker-0.txt")));
    await terminal.press("Escape");
    await terminal.waitFor("Interrupted");
    await say(terminal, "Make a file, worker-1", "Made worker-1.");
    await terminal.press("C-c");
    await terminal.waitFor("Press Ctrl-C again to exit");
    await terminal.press("C-c");
    await terminal.waitFor(/status 0/);
    const [session, ...others] = (await planned()).get("Fix") ?? [];
    expect(others).toEqual([]);
    expect(session?.rule).toBe("session-id");
    expect(await prompts(session?.path ?? "")).toEqual(["worker-0", "worker-1"]);
  }, 120_000);
});

/** Runs `ctx LABEL --claude --print …`; the logs it names at the end, and the rules. */
async function print(label: string, ...args: string[]): Promise<{ code: number | null; bound: [string, string][] }> {
  const words = [label, "--claude", "--print", "--dangerously-skip-permissions", ...args];
  const { code, stderr } = await run([process.execPath, MAIN, ...words], { cwd: repository, env: sandbox.env });
  const line = stderr.split("\n").find((line) => line.startsWith("logs of Claude Code are not read yet")) ?? "";
  return { code, bound: [...line.matchAll(/`([^`]+)` \(([\w-]+)\)/g)].map(([, path = "", rule = ""]) => [path, rule]) };
}

/** What `ctx recover` would bring home, by the labels of the runs. */
async function planned() {
  const argv = [process.execPath, MAIN, "recover", "--dry-run", "--json"] as const;
  const { stdout } = await run(argv, { cwd: repository, env: sandbox.env });
  const recoveries: Recovery[] = JSON.parse(stdout);
  return new Map(recoveries.flatMap((one) => (one.status === "planned" ? [[one.label, one.sessions]] : [])));
}

/** The records of unfinished runs. */
async function pending(): Promise<string[]> {
  const folder = join(home, "state/ai-code-sessions/pending");
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".json"));
  return await Promise.all(names.map((name) => readFile(join(folder, name), "utf8").catch(() => "")));
}

/** The workers that a log's prompts name. */
async function prompts(path: string): Promise<string[]> {
  expect(basename(path, ".jsonl")).toMatch(UUID);
  const records = (await readFile(path, "utf8")).trimEnd().split("\n");
  const prompts = records.filter((record) => record.includes('"promptSource":'));
  return prompts.map((record) => /Make a file, (worker-\d+)/.exec(record)?.[1] ?? "");
}

function environment(): Record<string, string> {
  return { ...sandbox.env, CTX: `${process.execPath} ${MAIN}`, CLAUDE };
}

async function open(terminal: Terminal, command: string): Promise<void> {
  await terminal.enter(`clear; ${command} --dangerously-skip-permissions; echo status $?`);
  await terminal.waitFor("bypass permissions on");
}

/** Types into Claude Code's screen; Enter is pressed again until it was heard. */
async function say(terminal: Terminal, text: string, done: Parameters<Terminal["waitFor"]>[0]): Promise<void> {
  await terminal.type(text);
  await terminal.waitFor((screen) => inputOf(screen) === text);
  await terminal.waitFor(async (screen) => {
    if (inputOf(screen) !== text) return true;
    await terminal.press("Enter");
    return false;
  });
  await terminal.waitFor(done);
}

/** What stands in the line to type in. */
function inputOf(screen: string): string | undefined {
  const line = screen.split("\n").findLast((line) => line.startsWith("❯"));
  return line?.slice(1).trim();
}

async function stateOf(terminal: Terminal): Promise<string[]> {
  await terminal.enter("clear; stty -a > ../stty; echo kept");
  await terminal.waitFor(/^kept/m);
  const variables = ["cursor_flag", "alternate_on", "mouse_any_flag", "bracket_paste_flag", "keypad_flag"];
  const state = await Promise.all(variables.map((variable) => terminal.ask(variable)));
  return [await readFile(join(home, "stty"), "utf8"), ...state];
}
