// Runs the program isolated from the user's settings and files.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CTX } from "../program.ts";

/** How a program ended; no status when a signal ended it. */
export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
}

/** A temporary folder with its own home. */
export class Sandbox implements AsyncDisposable {
  readonly root: string;
  /** The folder commands run in. */
  readonly work: string;
  readonly env: Record<string, string>;

  private constructor(root: string) {
    const home = join(root, "home");
    this.root = root;
    this.work = join(root, "work");
    this.env = {
      PATH: process.env.PATH ?? "",
      HOME: home,
      XDG_CONFIG_HOME: join(home, ".config"),
      XDG_DATA_HOME: join(home, ".local/share"),
      XDG_STATE_HOME: join(home, ".local/state"),
      XDG_CACHE_HOME: join(home, ".cache"),
      CODEX_HOME: join(home, ".codex"),
      CLAUDE_CONFIG_DIR: join(home, ".claude"),
      TMPDIR: join(root, "tmp"),
      GIT_CONFIG_NOSYSTEM: "1",
      COLUMNS: "80",
      NO_COLOR: "1",
      TZ: "UTC",
    };
  }

  static async create(): Promise<Sandbox> {
    const sandbox = new Sandbox(await mkdtemp(join(tmpdir(), "ctx-test-")));
    for (const folder of ["home", "work", "tmp"]) await mkdir(join(sandbox.root, folder));
    return sandbox;
  }

  /** Runs `ctx`. */
  async ctx(args: string[], options: RunOptions = {}): Promise<Ended> {
    return await this.run([...CTX, ...args], options);
  }

  async run(argv: string[], { cwd = this.work, env = {} }: RunOptions = {}): Promise<Ended> {
    const child = Bun.spawn(argv, {
      cwd,
      env: { ...this.env, ...env },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    const [stdout, stderr] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
    await child.exited;
    return { status: child.exitCode, stdout, stderr };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}
