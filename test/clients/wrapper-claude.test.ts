// The real Claude Code wrapped by `ctx`: each run is bound to the logs that its Claude Code wrote, and recorded.
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Entry } from "../../src/changelog/entry.ts";
import { run } from "../../src/system/spawn.ts";
import type { Recovery } from "../../src/wrapper/recover.ts";
import { CTX } from "../program.ts";
import { waitUntil } from "../wait-until.ts";
import { type ClaudeSandbox, prepareClaude } from "./claude-session.ts";
import { claudePath, NEWEST_CLAUDE } from "./clients.ts";
import { prepareRepository } from "./codex-session.ts";
import {
  type MessagesBody,
  type MessagesEndpoint,
  type MessagesStep,
  startMessagesEndpoint,
} from "./messages-endpoint.ts";
import { Terminal } from "./terminal.ts";

const CLAUDE = claudePath(NEWEST_CLAUDE);

let home: string;
let repository: string;
let sandbox: ClaudeSandbox;
let endpoint: MessagesEndpoint;

/**
 * The model: each prompt names a worker, for which it makes a file, by a command (`Make`) or with the tool of Claude Code
 * (`Write`). worker-9 is slow, worker-0 never ends, and `Delegate it` starts a subagent.
 */
function answer({ messages }: MessagesBody): MessagesStep {
  const asked = messages.map((message) => JSON.stringify(message));
  const isAnswered = asked.some((message) => message.includes("tool_result"));
  if (!isAnswered && asked.some((message) => message.includes("Delegate it"))) {
    const input = { description: "Make it", prompt: "Make a file, worker-8", subagent_type: "general-purpose" };
    return { call: { name: "Agent", arguments: { ...input, run_in_background: false } } };
  }
  const prompt = asked.findLast((message) => /(Make|Write) a file, /.test(message)) ?? "";
  const [, how, worker = "nobody"] = /(Make|Write) a file, (worker-\d+)/.exec(prompt) ?? [];
  if (asked.at(-1)?.includes("tool_result")) return { say: `Made ${worker}.` };
  if (how === "Write") {
    const input = { file_path: join(repository, `${worker}.txt`), content: "made\n" };
    return { call: { name: "Write", arguments: input } };
  }
  const delayMs = worker === "worker-9" ? 2_000 : 0;
  return { run: `echo made > ${worker}.txt${worker === "worker-0" ? "; tail -f /dev/null" : ""}`, delayMs };
}

beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), "ctx-claude-")));
  repository = join(home, "shop");
  endpoint = await startMessagesEndpoint(answer);
  sandbox = await prepareClaude({ home, url: endpoint.url, trusted: [repository] });
  Object.assign(sandbox.env, {
    CTX_CLAUDE_CMD: CLAUDE,
    XDG_STATE_HOME: join(home, "state"),
    CTX_CHANGELOG: "1",
    CTX_CHANGELOG_EVALUATOR: "builtin",
    CTX_ACTOR: "ada",
  });
  await prepareRepository(sandbox, repository, { "README.md": "# Shop\n" });
});
afterEach(async () => {
  await endpoint.stop();
  await rm(home, { recursive: true, force: true });
});

describe("claude --print", () => {
  test("a session that is resumed by id and continued has one directory, and an entry for each run", async () => {
    const begun = await print("Begin", "Make a file, worker-1");
    expect(begun).toMatchObject({ code: 0, rule: "session-id", created: ["worker-1.txt"] });
    const { id, dir, runId } = begun;
    const resumed = await print("By id", "--resume", id, "Make a file, worker-2");
    expect(resumed).toMatchObject({ code: 0, id, dir, rule: "resumed", created: ["worker-2.txt"], after: runId });
    const last = await print("Last", "--continue", "Make a file, worker-3");
    expect(last).toMatchObject({ code: 0, id, dir, rule: "process-record", created: ["worker-3.txt"] });
    expect(last.after).toBe(resumed.runId);
    expect(await prompts(id, dir)).toEqual(["worker-1", "worker-2", "worker-3"]);
    const synced = JSON.parse((await ctx("changelog", "sync", "--json")).stdout);
    expect(synced).toMatchObject({ runs: 0, left: [], skipped: { recorded: 3 } });
    expect(await readFile(join(repository, dir, "index.html"), "utf8")).toContain("Make a file, worker-3");
    expect(await pending()).toEqual([]);
  }, 120_000);

  test("a fork is a separate session, without the work copied into its log", async () => {
    const begun = await print("Begin", "Make a file, worker-1");
    const fork = await print("Fork", "--continue", "--fork-session", "Make a file, worker-4");
    expect(fork).toMatchObject({ code: 0, rule: "session-id", created: ["worker-4.txt"], after: null });
    expect(fork.dir).not.toBe(begun.dir);
    const page = await readFile(join(repository, fork.dir, "page-001.html"), "utf8");
    expect(page).toContain("worker-4");
    expect(page).not.toContain("worker-1");
  }, 120_000);

  test("the work of a subagent is in the entry, its task is not a prompt, and the session directory shows the same", async () => {
    const begun = await print("Delegate", "Delegate it");
    expect(begun).toMatchObject({ code: 0, created: ["worker-8.txt"] });
    const resumed = await print("Resume", "--resume", begun.id, "Make a file, worker-2");
    expect(resumed).toMatchObject({ dir: begun.dir, created: ["worker-2.txt"], after: begun.runId });

    await rm(sandbox.configDir, { recursive: true });
    const again = join(home, "again");
    await ctx("json", join(repository, begun.dir), "-o", again);
    const page = await readFile(join(again, "page-001.html"), "utf8");
    expect(page).toMatch(/<details class="subagent">[\s\S]*worker-8[\s\S]*<\/details>/);
    expect(page.match(/class="block prompt"/g)).toHaveLength(2);
    expect(page).toBe(await readFile(join(repository, begun.dir, "page-001.html"), "utf8"));
  }, 120_000);

  test("the work in a worktree that Claude Code made is recorded in the repository", async () => {
    const run = await print("Apart", "--worktree", "apart", "Make a file, worker-1");
    expect(run).toMatchObject({ code: 0, created: ["worker-1.txt"] });
    expect(run.dir).toStartWith(".claude/sessions/");
    expect(existsSync(join(repository, ".claude/worktrees/apart/worker-1.txt"))).toBe(true);
    const synced = JSON.parse((await ctx("changelog", "sync", "--json")).stdout);
    expect(synced).toMatchObject({ runs: 0, left: [], skipped: { recorded: 1 } });
  }, 120_000);

  test("three parallel runs in one folder are bound to their own sessions", async () => {
    const workers = ["worker-1", "worker-2", "worker-3"];
    const runs = await Promise.all(workers.map((worker) => print(worker, `Make a file, ${worker}`)));
    for (const [index, { code, id, dir, created }] of runs.entries()) {
      expect([code, created]).toEqual([0, [`${workers[index]}.txt`]]);
      expect(await prompts(id, dir)).toEqual([workers[index] ?? ""]);
    }
  }, 120_000);

  test("a run of a killed ctx with a launcher script is bound to the session that was observed", async () => {
    const { id, dir, runId } = await print("Begin", "Make a file, worker-1");
    const launcher = join(home, "launcher");
    await writeFile(launcher, `#!/bin/sh\n"${CLAUDE}" "$@"\nexit $?\n`, { mode: 0o755 });
    const words = ["Killed", "--claude", "--print", "--dangerously-skip-permissions", "--continue"];
    const child = Bun.spawn([...CTX, ...words, "Make a file, worker-9"], {
      cwd: repository,
      env: { ...sandbox.env, CTX_CLAUDE_CMD: launcher },
      stdio: ["ignore", "ignore", "ignore"],
    });
    const isObserved = (record: string) => record.includes('"Killed"') && record.includes(id);
    await waitUntil(async () => (await pending()).some(isObserved), { what: "the session in the pending record" });
    child.kill("SIGKILL");
    await child.exited;

    // Claude Code keeps running without ctx.
    await waitUntil(async () => (await plannedLabels()).includes("Killed"), { what: "the end of Claude Code" });
    await ctx("recover");
    expect(await exported("Killed")).toMatchObject([
      { id, dir, rule: "process-record", created: ["worker-9.txt"], after: runId },
    ]);
    expect(await pending()).toEqual([]);
  }, 120_000);

  test("resuming a session that does not exist passes on the exit status and records nothing", async () => {
    const { code } = await ctx("Gone", "--claude", "--print", "--resume", crypto.randomUUID(), "go");
    expect([code, await entries(), await pending()]).toEqual([1, [], []]);
  }, 60_000);
});

describe("the screen of Claude Code", () => {
  test("/clear and /resume record both sessions, and the terminal is left as Claude Code leaves it", async () => {
    await using terminal = await Terminal.open({ cwd: repository, env: environment() });
    await open(terminal, "$CLAUDE");
    await say(terminal, "/exit", /status 0/);
    const alone = await stateOf(terminal);

    await open(terminal, "$CTX Fix --claude");
    await say(terminal, "Make a file, worker-1", "Made worker-1.");
    await say(terminal, "/clear", (screen) => !screen.includes("Made worker-1."));
    await say(terminal, "Make a file, worker-2", "Made worker-2.");
    await say(terminal, "/resume", "Enter to resume");
    await terminal.repeat(() => terminal.press("Enter"), "Made worker-1.");
    await say(terminal, "Make a file, worker-3", "Made worker-3.");
    await say(terminal, "/exit", /status 0/);
    expect(await stateOf(terminal)).toEqual(alone);

    const [first, second, ...more] = await exported("Fix");
    expect(more).toEqual([]);
    expect(first).toMatchObject({ rule: "session-id", created: ["worker-1.txt", "worker-3.txt"] });
    expect(second).toMatchObject({ rule: "process-record", created: ["worker-2.txt"] });
    expect(second?.dir).toBe(`${first?.dir}_2`);
  }, 120_000);

  test("work that /rewind undid is not in the entry, neither of the wrapper nor of a backfill", async () => {
    await using terminal = await Terminal.open({ cwd: repository, env: environment() });
    await open(terminal, "$CTX Fix --claude");
    await say(terminal, "Write a file, worker-1", "Made worker-1.");
    await say(terminal, "Write a file, worker-2", "Made worker-2.");
    await say(terminal, "/rewind", "Restore the code and/or conversation");
    await terminal.repeat(() => terminal.press("Up"), /❯ Write a file, worker-2/);
    await terminal.repeat(() => terminal.press("Enter"), "1. Restore code and conversation");
    await terminal.repeat(
      () => terminal.press("Enter"),
      () => !existsSync(join(repository, "worker-2.txt")),
    );
    // Claude Code puts the old prompt into the input line.
    await terminal.waitFor((screen) => inputOf(screen) === "Write a file, worker-2");
    await say(terminal, "Write a file, worker-3", "Made worker-3.");
    await say(terminal, "/exit", /status 0/);

    const created = ["worker-1.txt", "worker-3.txt"];
    const [session] = await exported("Fix");
    expect(session).toMatchObject({ rule: "session-id", created });
    const page = await readFile(join(repository, session?.dir ?? "", "page-001.html"), "utf8");
    expect(page).toContain("went back to the state before prompt 2");
    await rm(join(repository, ".changelog"), { recursive: true });
    await ctx("changelog", "backfill");
    expect(await exported("Fix")).toMatchObject([{ id: session?.id, created }]);
  }, 120_000);

  test("Ctrl-Z, resizing, Esc and Ctrl-C reach Claude Code, and a session without prompts leaves nothing", async () => {
    await using terminal = await Terminal.open({ cwd: repository, env: environment() });
    await open(terminal, "$CTX Empty --claude");
    await say(terminal, "/exit", /status 0/);
    expect([await entries(), await pending(), existsSync(join(repository, ".claude"))]).toEqual([[], [], false]);

    await open(terminal, "$CTX Fix --claude");
    await terminal.repeat(() => terminal.press("C-z"), "Stopped");
    // When a job stops, the shell runs the next command of its list.
    await terminal.enter("fg; echo status $?");
    await terminal.waitFor("bypass permissions on");
    await terminal.resize(90, 30);
    await terminal.waitFor(/^─{90}$/m);
    await say(terminal, "Make a file, worker-0", () => existsSync(join(repository, "worker-0.txt")));
    await terminal.repeat(() => terminal.press("Escape"), "Interrupted");
    await say(terminal, "Make a file, worker-1", "Made worker-1.");
    await terminal.repeat(() => terminal.press("C-c"), "Press Ctrl-C again to exit");
    await terminal.press("C-c");
    await terminal.waitFor(/status 0/);
    const [session, ...others] = await exported("Fix");
    expect(others).toEqual([]);
    expect(session).toMatchObject({ rule: "session-id", created: ["worker-0.txt"] });
    expect(await prompts(session?.id ?? "", session?.dir ?? "")).toEqual(["worker-0", "worker-1"]);
    const page = await readFile(join(repository, session?.dir ?? "", "page-001.html"), "utf8");
    expect(page).toContain('<span class="status bad">interrupted</span>');
  }, 120_000);
});

interface Exported {
  id: string;
  /** Relative to the repository. */
  dir: string;
  rule: string;
  created: string[];
  runId: string;
  /** The id of the previous run of the session. */
  after: string | null;
}

async function ctx(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return await run([...CTX, ...args], { cwd: repository, env: sandbox.env });
}

/** Runs `ctx LABEL --claude --print …` and expects one entry with the label. */
async function print(label: string, ...args: string[]): Promise<Exported & { code: number | null }> {
  const { code, stderr } = await ctx(label, "--claude", "--print", "--dangerously-skip-permissions", ...args);
  const [one, ...more] = await exported(label);
  if (one === undefined || more.length > 0) throw new Error(`${more.length + (one ? 1 : 0)} entries: ${stderr}`);
  return { code, ...one };
}

/** The entries with a label, with the source matches in their session directories. */
async function exported(label: string): Promise<Exported[]> {
  const own = (await entries()).filter((entry) => entry.label === label);
  return await Promise.all(
    own.map(async (entry) => {
      const dir = entry.session_dir ?? "";
      const match = JSON.parse(await readFile(join(repository, dir, "source_match.json"), "utf8"));
      expect(entry.touched_files).toMatchObject({ modified: [], deleted: [], moved: [] });
      return {
        id: entry.session_id,
        dir,
        rule: match.rule,
        created: entry.touched_files.created,
        runId: entry.run_id,
        after: entry.continuation_of_run_id,
      };
    }),
  );
}

async function entries(): Promise<Entry[]> {
  const text = await readFile(join(repository, ".changelog/ada/entries.jsonl"), "utf8").catch(() => "");
  return text.split("\n").flatMap((line) => (line === "" ? [] : JSON.parse(line)));
}

/** The labels of the runs that `ctx recover` would finish. */
async function plannedLabels(): Promise<(string | null)[]> {
  const recoveries: Recovery[] = JSON.parse((await ctx("recover", "--dry-run", "--json")).stdout);
  return recoveries.flatMap(({ status, label }) => (status === "planned" ? [label] : []));
}

/** The contents of the files of pending runs. */
async function pending(): Promise<string[]> {
  const folder = join(home, "state/ai-code-sessions/pending");
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".json"));
  return await Promise.all(names.map((name) => readFile(join(folder, name), "utf8").catch(() => "")));
}

/** The subagents that the prompts of a copied log mention. */
async function prompts(id: string, dir: string): Promise<string[]> {
  const records = (await readFile(join(repository, dir, `${id}.jsonl`), "utf8")).trimEnd().split("\n");
  const prompts = records.filter((record) => record.includes('"promptSource":'));
  return prompts.map((record) => /Make a file, (worker-\d+)/.exec(record)?.[1] ?? "");
}

function environment(): Record<string, string> {
  return { ...sandbox.env, CTX: CTX.join(" "), CLAUDE };
}

async function open(terminal: Terminal, command: string): Promise<void> {
  await terminal.enter(`clear; ${command} --dangerously-skip-permissions; echo status $?`);
  await terminal.waitFor("bypass permissions on");
}

/** Replaces the text in the input line and sends it. */
async function say(terminal: Terminal, text: string, done: Parameters<Terminal["waitFor"]>[0]): Promise<void> {
  await terminal.repeat(
    async () => {
      await terminal.press("C-u");
      await terminal.type(text);
    },
    (screen) => inputOf(screen) === text,
  );
  await terminal.repeat(
    () => terminal.press("Enter"),
    (screen) => inputOf(screen) !== text,
  );
  await terminal.waitFor(done);
}

/** The text in the input line. */
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
