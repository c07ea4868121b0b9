// A place where `ctx` wraps a real Codex: a repository, a home, an endpoint of ours, and what a run leaves in them.
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Entry, entrySchema } from "../../src/changelog/entry.ts";
import { type RunResult, run } from "../../src/system/spawn.ts";
import type { Recovery } from "../../src/wrapper/recover.ts";
import { CTX } from "../program.ts";
import { codexPath } from "./clients.ts";
import { type CodexSandbox, prepareCodex, prepareRepository } from "./codex-session.ts";
import { type ResponsesEndpoint, startResponsesEndpoint } from "./responses-endpoint.ts";
import type { Script } from "./script.ts";

type Argv = readonly [string, ...string[]];

const MODELS: Record<string, string> = { "0.101.0": "gpt-5.2-codex", "0.169.0": "gpt-5.5" };

export interface WrapperOptions {
  script: Script;
  files?: Record<string, string>;
  /** What model Codex asks, where it is not the usual one of its version. */
  model?: string;
  /** The argv that runs `ctx`, where it is not the one under test. */
  program?: Argv;
}

export class WrapperSandbox implements AsyncDisposable {
  /** Holds everything, and is the home of the person. */
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

  /** `ctx LABEL --codex exec …` as a person types it. */
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

  /** Runs `ctx recover` until no run goes on any more; gives what became of the others. */
  async recover(): Promise<Recovery[]> {
    const done: Recovery[] = [];
    for (;;) {
      const { stdout } = await this.ctx("recover", "--json");
      const recoveries = JSON.parse(stdout) as Recovery[];
      done.push(...recoveries.filter(({ status }) => status !== "running"));
      if (recoveries.every(({ status }) => status !== "running")) return done;
      await Bun.sleep(100);
    }
  }

  /** Makes a shell script the tool; in it `$CODEX` is the real one, and `$PLACE` a folder for its notes. */
  async wrapTool(script: string): Promise<void> {
    const path = join(this.home, "tool");
    const variables = `CODEX='${this.env.CTX_CODEX_CMD}'\nPLACE='${this.home}'\n`;
    this.env.CTX_CODEX_CMD = path;
    await writeFile(path, `#!/bin/sh\n${variables}${script}\n`, { mode: 0o755 });
  }

  /** Every row, as it stands there. */
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

  /** The names of the records of unfinished runs. */
  async pending(): Promise<string[]> {
    return (await namesIn(this.pendingFolder)).filter((name) => name.endsWith(".json"));
  }

  /** Waits until the repository was looked at for every run that goes on: a model takes its time before it acts. */
  async looked(): Promise<void> {
    for (;;) {
      const names = await this.pending();
      const read = (name: string) => readFile(join(this.pendingFolder, name), "utf8").catch(() => "{}");
      const records = await Promise.all(names.map(read));
      if (records.length > 0 && records.every((record) => (JSON.parse(record).before ?? null) !== null)) return;
      await Bun.sleep(20);
    }
  }

  /** The logs Codex wrote, by their paths. */
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
