// The interactive Codex in a terminal, alone or wrapped by `ctx`, with simulated input and a scripted model.
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Entry, entrySchema } from "../../src/changelog/entry.ts";
import { type RunResult, run } from "../../src/system/spawn.ts";
import { CTX } from "../program.ts";
import { codexPath } from "./clients.ts";
import { prepareCodex, prepareRepository } from "./codex-session.ts";
import { type ResponsesEndpoint, startResponsesEndpoint } from "./responses-endpoint.ts";
import { collaborate, type Step } from "./script.ts";
import { Terminal } from "./terminal.ts";

/** What the screen shows once it accepts a prompt: before that, newer versions drop what is typed. */
const READY: Record<string, RegExp> = { "0.169.0": /permissions: YOLO/, "0.101.0": /\? for shortcuts/ };
const MODELS: Record<string, string> = { "0.169.0": "gpt-6-sol", "0.101.0": "gpt-5.3-codex" };

/** How long the screen must not change to count as complete. */
const STILL_MS = 500;

export interface CodexScreenOptions {
  version: string;
  /** Whether newer versions of Codex use their daemon, one process that serves all screens. Default: false. */
  daemon?: boolean;
}

/** A home folder with Codex, a repository, and a model that makes the requested file or waits; see `answer`. */
export class CodexScreen implements AsyncDisposable {
  /** The home folder of the shell and of Codex; it contains the repository. */
  readonly home: string;
  readonly repository: string;
  readonly endpoint: ResponsesEndpoint;
  readonly #env: Record<string, string>;
  readonly #version: string;
  readonly #codex: string;

  private constructor(
    home: string,
    endpoint: ResponsesEndpoint,
    env: Record<string, string>,
    { version, daemon = false }: CodexScreenOptions,
  ) {
    this.home = home;
    this.repository = join(home, "shop");
    this.endpoint = endpoint;
    this.#env = env;
    this.#version = version;
    const alone = version === "0.169.0" && !daemon ? " --no-daemon" : "";
    this.#codex = `-m ${MODELS[version]} --dangerously-bypass-approvals-and-sandbox${alone}`;
  }

  static async prepare(options: CodexScreenOptions): Promise<CodexScreen> {
    const home = await realpath(await mkdtemp(join(tmpdir(), "ctx-screen-")));
    const repository = join(home, "shop");
    const endpoint = await startResponsesEndpoint(answer);
    const settings = [
      "check_for_update_on_startup = false",
      `projects = { "${repository}" = { trust_level = "trusted" } }`,
      // Otherwise an Enter right after typed text counts as a part of that text.
      "disable_paste_burst = true",
      "tui = { animations = false, show_tooltips = false, disable_paste_burst = true }",
    ];
    const sandbox = await prepareCodex({ home, url: endpoint.url, settings: settings.join("\n") });
    await prepareRepository(sandbox, repository, { "README.md": "# Shop\n" });
    const changelog = { CTX_CHANGELOG: "1", CTX_ACTOR: "ada", CTX_CHANGELOG_EVALUATOR: "builtin" };
    const own = { CTX_CODEX_CMD: codexPath(options.version), XDG_STATE_HOME: join(home, "state") };
    return new CodexScreen(home, endpoint, { ...sandbox.env, ...changelog, ...own }, options);
  }

  /** Opens a terminal whose shell has the alias `work` for Codex or, with a label, for Codex wrapped by `ctx`. */
  async openTerminal(label: string | null): Promise<Terminal> {
    const terminal = await Terminal.open({ cwd: this.repository, env: this.#env });
    const program = label === null ? codexPath(this.#version) : `${CTX.join(" ")} "${label}" --codex`;
    await terminal.enter(`alias work='${program} ${this.#codex}'; bind 'set enable-bracketed-paste off'`);
    await terminal.enter("stty -a >../before; clear; echo opened");
    await terminal.waitFor(/^opened$/m);
    return terminal;
  }

  /** Matches the screen while Codex shows its composer. */
  readonly composer = /\? for shortcuts/;

  async waitUntilReady(terminal: Terminal): Promise<void> {
    await terminal.waitFor(READY[this.#version] ?? "");
  }

  async ctx(...args: string[]): Promise<RunResult> {
    return await run([...CTX, ...args], { cwd: this.repository, env: this.#env });
  }

  async readEntries(): Promise<Entry[]> {
    const path = join(this.repository, ".changelog/ada/entries.jsonl");
    const text = existsSync(path) ? await readFile(path, "utf8") : "";
    return text.split("\n").flatMap((line) => (line === "" ? [] : [entrySchema.parse(JSON.parse(line))]));
  }

  /** The names of the files of pending runs. */
  async pending(): Promise<string[]> {
    const folder = join(this.home, "state/ai-code-sessions/pending");
    const names = existsSync(folder) ? await readdir(folder) : [];
    return names.filter((name) => name.endsWith(".json"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.endpoint.stop();
    // The daemon runs from a copy of Codex in the home folder and has no terminal that could be closed.
    for (const { pid, command } of await processes()) if (command.startsWith(this.home)) process.kill(pid, "SIGKILL");
    await rm(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Waits until the screen no longer changes, and returns it. */
export async function stillScreen(terminal: Terminal): Promise<string> {
  let since = Date.now();
  let last = "";
  return await terminal.waitFor((screen) => {
    if (screen !== last) since = Date.now();
    last = screen;
    return Date.now() - since > STILL_MS;
  });
}

/** Types a prompt, and sends it once the screen shows it. */
export async function prompt(terminal: Terminal, text: string): Promise<void> {
  await terminal.type(text);
  await terminal.waitFor(text);
  await terminal.press("Enter");
}

/** All processes of the machine. */
export async function processes(): Promise<{ pid: number; group: number; state: string; command: string }[]> {
  const { stdout } = await run(["ps", "-Ao", "pid=,pgid=,stat=,args="]);
  return stdout.split("\n").flatMap((row) => {
    const [, pid, group, state = "", command = ""] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(row) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), group: Number(group), state, command }];
  });
}

const WAIT = "touch waiting; while [ -e waiting ]; do sleep 0.2; done";

/**
 * The model: `Make NAME` makes a file; `Wait` runs a command until the file `waiting` is removed; `Delegate NAME` starts a
 * subagent that waits like that and then makes the file, without waiting for it.
 */
function answer(body: unknown): Step {
  const last = (body as { input?: { type?: string }[] }).input?.at(-1);
  if (last?.type?.endsWith("call_output")) return { say: "That is done." };
  const asked = JSON.stringify(last);
  // Newer versions ask a model for a title of the session.
  if (asked.includes("task title")) return { say: "A task" };
  if (asked.includes("Wait")) return { run: WAIT };
  const [, work, file] = /(Delegate|Linger) ([\w.-]+)/.exec(asked) ?? [];
  if (work === "Linger") return { run: `${WAIT}; echo made > ${file}`, yieldMs: 30_000 };
  if (work === "Delegate") {
    return collaborate("spawn_agent", { task_name: "helper", message: `Linger ${file}` });
  }
  const name = /Make ([\w.-]+)/.exec(asked)?.[1];
  return name === undefined ? { say: "Nothing to do." } : { run: `echo made > ${name}` };
}
