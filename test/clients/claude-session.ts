// A place to run a real Claude Code in: its own configuration folder, its own repository, nothing of the machine it
// runs on.
import { join } from "node:path";
import { writeFiles } from "./codex-session.ts";

const PATH = process.env.PATH ?? "/usr/local/bin:/usr/bin:/bin";
const KEY = "sk-ant-nobody-0123456789-0123456789";

export interface ClaudeSandbox {
  /** Home of the account that Claude Code believes to run under; holds the git identity. */
  home: string;
  configDir: string;
  env: Record<string, string>;
}

export interface ClaudeOptions {
  home: string;
  /** URL of the Messages endpoint. */
  url: string;
  /** The folders whose screen opens without a question. */
  trusted: readonly string[];
}

/** Lays out the home: everything the screen would ask at its first start is answered, and there is a git identity. */
export async function prepareClaude({ home, url, trusted }: ClaudeOptions): Promise<ClaudeSandbox> {
  const projects = trusted.map((folder) => [
    folder,
    { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true },
  ]);
  const settings = {
    hasCompletedOnboarding: true,
    theme: "dark",
    bypassPermissionsModeAccepted: true,
    // The screen remembers a key by its end.
    customApiKeyResponses: { approved: [KEY.slice(-20)], rejected: [] },
    projects: Object.fromEntries(projects),
  };
  await writeFiles(home, {
    ".claude/.claude.json": JSON.stringify(settings),
    ".gitconfig": "[user]\n\tname = Ada Dev\n\temail = ada@example.com\n[init]\n\tdefaultBranch = main\n",
  });
  const configDir = join(home, ".claude");
  const env = {
    PATH,
    HOME: home,
    CLAUDE_CONFIG_DIR: configDir,
    CLAUDE_CODE_TMPDIR: home,
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: KEY,
    // It refuses to skip permissions as root anywhere else.
    IS_SANDBOX: "1",
    DISABLE_AUTOUPDATER: "1",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    CLAUDE_CODE_MAX_RETRIES: "0",
    GIT_CONFIG_NOSYSTEM: "1",
    LANG: "C.UTF-8",
    TZ: "UTC",
  };
  return { home, configDir, env };
}
