// A sandbox for a real Codex, with its own home folder and repository.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type RunResult, run } from "../../src/system/spawn.ts";

const PATH = process.env.PATH ?? "/usr/local/bin:/usr/bin:/bin";

export interface CodexSandbox {
  /** The home folder of Codex, with a git identity. */
  home: string;
  codexHome: string;
  env: Record<string, string>;
}

/** The settings of a sandbox that git needs, for any tool. */
type GitSandbox = Pick<CodexSandbox, "env">;

export interface SandboxOptions {
  home: string;
  /** Base URL of the Responses endpoint. */
  url: string;
  /** Lines of `config.toml` before its first table. */
  settings?: string | undefined;
}

/** Writes the home folder: a model provider that points at the endpoint, and a git identity. */
export async function prepareCodex({ home, url, settings = "" }: SandboxOptions): Promise<CodexSandbox> {
  const codexHome = join(home, ".codex");
  const provider = [
    "[model_providers.local]",
    'name = "local"',
    `base_url = "${url}"`,
    'env_key = "LOCAL_KEY"',
    'wire_api = "responses"',
    "request_max_retries = 0",
    "stream_max_retries = 0",
  ];
  await writeFiles(home, {
    ".codex/config.toml": `${settings}\nmodel_provider = "local"\n\n${provider.join("\n")}\n`,
    // Codex runs commands in a login shell, whose system profile resets the path.
    ".profile": `export PATH='${PATH}'\n`,
    ".gitconfig": "[user]\n\tname = Ada Dev\n\temail = ada@example.com\n[init]\n\tdefaultBranch = main\n",
  });
  const env = {
    PATH,
    HOME: home,
    CODEX_HOME: codexHome,
    LOCAL_KEY: "x",
    GIT_CONFIG_NOSYSTEM: "1",
    LANG: "C.UTF-8",
    TZ: "UTC",
    NPM_CONFIG_UPDATE_NOTIFIER: "false",
  };
  return { home, codexHome, env };
}

/** Makes a repository with one commit of these files. */
export async function prepareRepository(sandbox: GitSandbox, dir: string, files: Record<string, string>) {
  await writeFiles(dir, files);
  await gitIn(sandbox, dir, "init", "--quiet");
  await gitIn(sandbox, dir, "add", "--all");
  await gitIn(sandbox, dir, "commit", "--quiet", "--message", "initial");
}

/** Runs git with the sandbox's identity; throws when it fails. */
export async function gitIn(sandbox: GitSandbox, dir: string, ...args: string[]): Promise<string> {
  const result = await run(["git", "-C", dir, ...args], { env: sandbox.env });
  if (result.code !== 0) throw new Error(`git ${args.join(" ")}: ${result.stderr}`);
  return result.stdout;
}

export interface CodexRun {
  codex: string;
  cwd: string;
  /** The arguments of `codex exec`. */
  args: readonly string[];
  /** Sends SIGINT after this many milliseconds. */
  interruptAfterMs?: number;
}

/** Runs `codex exec` to its end, without approvals or a sandbox: its model is scripted. */
export async function runCodex(sandbox: CodexSandbox, session: CodexRun): Promise<RunResult> {
  const { codex, cwd, args, interruptAfterMs } = session;
  const command = [codex, "exec", "--sandbox", "danger-full-access", ...args] as const;
  const seconds = `${(interruptAfterMs ?? 0) / 1000}`;
  const interrupted = ["timeout", "--foreground", "--signal=INT", seconds, ...command] as const;
  return await run(interruptAfterMs === undefined ? command : interrupted, {
    cwd,
    env: sandbox.env,
    timeoutMs: 60_000,
  });
}

/** Writes files by their paths below a folder. */
export async function writeFiles(dir: string, files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const path = join(dir, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}
