// A sandbox in which `ctx` wraps a real Codex: a home folder, a repository, a scripted endpoint, and access to the files
// that runs leave.
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Entry, entrySchema } from "../../src/changelog/entry.ts";
import { type RunResult, run } from "../../src/system/spawn.ts";
import type { Recovery } from "../../src/wrapper/recover.ts";
import { CTX } from "../program.ts";
import { waitUntil } from "../wait-until.ts";
import { codexPath } from "./clients.ts";
import { type CodexSandbox, prepareCodex, prepareRepository } from "./codex-session.ts";
import { type ResponsesEndpoint, startResponsesEndpoint } from "./responses-endpoint.ts";
import type { Script } from "./script.ts";

type Argv = readonly [string, ...string[]];

const MODELS: Record<string, string> = { "0.101.0": "gpt-5.2-codex", "0.169.0": "gpt-5.5" };

export interface WrapperOptions {
  script: Script;
  files?: Record<string, string>;
  /** The model that Codex uses. Default: the usual one of its version. */
  model?: string;
  /** The argv that runs `ctx`. Default: the program under test. */
  program?: Argv;
}

export class WrapperSandbox implements AsyncDisposable {
  /** The home folder of the user; contains all other folders. */
  readonly home: string;
  readonly repository: string;
  readonly codex: CodexSandbox;
  readonly endpoint: ResponsesEndpoint;
  /** The environment of `ctx`: entries by `ada`, without a model. */
  readonly env: Record<string, string>;
  readonly #program: Argv;
  readonly #model: string;

  private constructor(
    version: string,
    codex: CodexSandbox,
    endpoint: ResponsesEndpoint,
    { program = CTX, model = MODELS[version] ?? "gpt-5.5" }: WrapperOptions,
  ) {
    this.home = codex.home;
    this.repository = join(codex.home, "shop");
    this.codex = codex;
    this.endpoint = endpoint;
    this.env = {
      ...codex.env,
      CTX_CHANGELOG: "1",
      CTX_ACTOR: "ada",
      CTX_CHANGELOG_EVALUATOR: "builtin",
      CTX_CODEX_CMD: codexPath(version),
      XDG_STATE_HOME: join(codex.home, "state"),
    };
    this.#program = program;
    this.#model = model;
  }

  static async create(version: string, options: WrapperOptions): Promise<WrapperSandbox> {
    const { script, files = {} } = options;
    const home = await realpath(await mkdtemp(join(tmpdir(), "ctx-wrapper-")));
    const endpoint = await startResponsesEndpoint(script);
    const codex = await prepareCodex({ home, url: endpoint.url, settings: 'model = "gpt-5.5"' });
    const sandbox = new WrapperSandbox(version, codex, endpoint, options);
    await prepareRepository(codex, sandbox.repository, { "README.md": "# Shop\n", ...files });
    return sandbox;
  }

  /** Runs `ctx LABEL --codex exec …` to its end. */
  async exec(label: string | null, ...args: string[]): Promise<RunResult> {
    return await this.ctx(...this.#words(label, args));
  }

  /** The shell command `ctx LABEL --codex exec …`. */
  commandLine(label: string | null, ...args: string[]): string {
    const words = [...this.#program, ...this.#words(label, args)];
    return words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  }

  /** Starts `ctx LABEL --codex exec …`. */
  startExec(label: string | null, ...args: string[]) {
    const argv = [...this.#program, ...this.#words(label, args)];
    return Bun.spawn(argv, { cwd: this.repository, env: this.env, stdio: ["ignore", "ignore", "ignore"] });
  }

  /** Runs `ctx` to its end, in the repository. */
  async ctx(...words: string[]): Promise<RunResult> {
    return await run([...this.#program, ...words], { cwd: this.repository, env: this.env });
  }

  /** Repeats `ctx recover` until no run is still running; returns all recoveries. */
  async recover(): Promise<Recovery[]> {
    const done: Recovery[] = [];
    const recoverOnce = async () => {
      const { stdout } = await this.ctx("recover", "--json");
      const recoveries = JSON.parse(stdout) as Recovery[];
      done.push(...recoveries.filter(({ status }) => status !== "running"));
      return recoveries.every(({ status }) => status !== "running");
    };
    await waitUntil(recoverOnce, { what: "the end of every run", timeoutMs: 240_000 });
    return done;
  }

  /** Replaces the tool by a shell script, in which `$CODEX` is the real Codex and `$PLACE` the home folder. */
  async wrapTool(script: string): Promise<void> {
    const path = join(this.home, "tool");
    const variables = `CODEX='${this.env.CTX_CODEX_CMD}'\nPLACE='${this.home}'\n`;
    this.env.CTX_CODEX_CMD = path;
    await writeFile(path, `#!/bin/sh\n${variables}${script}\n`, { mode: 0o755 });
  }

  /** All entries of an actor. */
  async entries(actor = "ada"): Promise<Entry[]> {
    const path = join(this.repository, `.changelog/${actor}/entries.jsonl`);
    if (!existsSync(path)) return [];
    const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
    return lines.map((line) => entrySchema.parse(JSON.parse(line)));
  }

  /** The names of the session directories. */
  async directories(): Promise<string[]> {
    return (await namesIn(join(this.repository, ".codex/sessions"))).filter((name) => name !== ".gitignore");
  }

  get pendingFolder(): string {
    return join(this.home, "state/ai-code-sessions/pending");
  }

  /** The names of the files of pending runs. */
  async pending(): Promise<string[]> {
    return (await namesIn(this.pendingFolder)).filter((name) => name.endsWith(".json"));
  }

  /** Waits until every pending run has its first snapshot of the repository: real models do not act before that. */
  async waitForSnapshots(): Promise<void> {
    const haveSnapshots = async () => {
      const names = await this.pending();
      const read = (name: string) => readFile(join(this.pendingFolder, name), "utf8").catch(() => "{}");
      const records = await Promise.all(names.map(read));
      return records.length > 0 && records.every((record) => (JSON.parse(record).before ?? null) !== null);
    };
    await waitUntil(haveSnapshots, { what: "the first snapshot of every pending run" });
  }

  /** The paths of the logs of Codex. */
  async rollouts(): Promise<string[]> {
    const folder = join(this.codex.codexHome, "sessions");
    const names = existsSync(folder) ? await readdir(folder, { recursive: true }) : [];
    return names.filter((name) => name.endsWith(".jsonl")).map((name) => join(folder, name));
  }

  async read(path: string): Promise<string> {
    return await readFile(join(this.repository, path), "utf8");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.endpoint.stop();
    await rm(this.home, { recursive: true, force: true });
  }

  #words(label: string | null, args: readonly string[]): string[] {
    const exec = ["exec", "--sandbox", "danger-full-access", "-m", this.#model, ...args];
    return [...(label === null ? [] : [label]), "--codex", ...exec];
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return existsSync(folder) ? (await readdir(folder)).sort() : [];
}
