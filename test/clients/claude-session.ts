// A sandbox for a real Claude Code, with its own home and configuration folder.
import { join } from "node:path";
import { writeFiles } from "./codex-session.ts";

const PATH = process.env.PATH ?? "/usr/local/bin:/usr/bin:/bin";
const KEY = "sk-ant-nobody-0123456789-0123456789";

export interface ClaudeSandbox {
  /** The home folder of Claude Code, with a git identity. */
  home: string;
  configDir: string;
  env: Record<string, string>;
}

export interface ClaudeOptions {
  home: string;
  /** URL of the Messages endpoint. */
  url: string;
  /** Folders for which Claude Code does not ask for trust. */
  trusted: readonly string[];
}

/** Writes the home folder: a git identity, and settings that skip the questions of the first start. */
export async function prepareClaude({ home, url, trusted }: ClaudeOptions): Promise<ClaudeSandbox> {
  const projects = trusted.map((folder) => [
    folder,
    { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true },
  ]);
  const settings = {
    hasCompletedOnboarding: true,
    theme: "dark",
    bypassPermissionsModeAccepted: true,
    // Keys are approved by their last 20 characters.
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
    // Claude Code refuses to skip permissions as root unless this is set.
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
