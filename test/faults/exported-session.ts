// A recorded session in a sandbox, the command that exports a run of it, and the files that exports leave.
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { type ReadEntries, readEntries } from "../../src/changelog/store.ts";
import { type Ended, Sandbox } from "../cli/sandbox.ts";
import { CTX } from "../program.ts";

const RECORDING = resolve(import.meta.dir, "../fixtures/codex/0.169.0");
const TRUTH = JSON.parse(readFileSync(join(RECORDING, "truth.json"), "utf8"));

/** The exported files: contents by path relative to the repository, without what differs between runs. */
export type State = Record<string, string>;

export class RecordedSession implements AsyncDisposable {
  readonly sandbox: Sandbox;
  /** The repository. */
  readonly root: string;
  /** The command that exports the run. */
  readonly argv: string[];

  private constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
    this.root = join(sandbox.work, "shop");
    const [{ start, end }] = TRUTH.windows;
    const about = ["--tool", "codex", "--cwd", TRUTH.cwd, "--project-root", this.root, "--start", start, "--end", end];
    const changelog = ["--changelog", "--changelog-actor", "ada", "--changelog-evaluator", "builtin"];
    this.argv = [...CTX, "export-latest", ...about, ...changelog, "--label", "Fix cart"];
  }

  static async create(): Promise<RecordedSession> {
    const session = new RecordedSession(await Sandbox.create());
    const { sandbox, root } = session;
    const { status, stderr } = await sandbox.run(["git", "clone", "--quiet", join(RECORDING, "repo.bundle"), root]);
    if (status !== 0) throw new Error(stderr);
    cpSync(join(RECORDING, "sessions"), join(sandbox.root, "home/.codex/sessions"), { recursive: true });
    return session;
  }

  /** Exports the run, by default with `argv`. */
  async export(argv: readonly string[] = this.argv): Promise<Ended> {
    return await this.sandbox.run([...argv]);
  }

  /** Removes the files of earlier exports. */
  reset(): void {
    for (const name of [".changelog", ".codex"]) rmSync(join(this.root, name), { recursive: true, force: true });
  }

  get entries(): ReadEntries {
    return readEntries(join(this.root, ".changelog/ada/entries.jsonl"));
  }

  get state(): State {
    const state: State = {};
    for (const name of [".changelog", ".codex"]) fillState(state, this.root, name);
    return state;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.sandbox[Symbol.asyncDispose]();
  }
}

/** Collects every file and every empty folder. Abandoned locks are left out: the next process removes them. */
function fillState(state: State, root: string, path: string): void {
  if (!existsSync(join(root, path))) return;
  const entries = readdirSync(join(root, path), { withFileTypes: true }).filter(
    ({ name }) => !/\.lock(\.|$)/.test(name),
  );
  for (const { name } of entries.filter((entry) => entry.isDirectory())) fillState(state, root, join(path, name));
  for (const { name } of entries.filter((entry) => entry.isFile()))
    state[join(path, name)] = comparable(readFileSync(join(root, path, name), "utf8"));
  if (entries.length === 0) state[path] = "empty folder";
}

/** The text without times; an entry just recorded counts as equal to one that existed already. */
function comparable(text: string): string {
  return text
    .replace(/"created_at":"[^"]*"/g, '"created_at":"…"')
    .replace(/"changelog":\{"status":"(recorded|exists)","evaluator":[^}]*\}/g, '"changelog":"there"');
}
