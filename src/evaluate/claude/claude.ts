// The evaluator that asks the user's Claude Code, by `claude --print`.
import { join, resolve } from "node:path";
import { claudeHome } from "../../agents/claude/paths.ts";
import type { EvaluatorOptions } from "../options.ts";
import type { CliEvaluator } from "../program.ts";
import {
  CONFIG_DIRECTORY,
  claudeArguments,
  claudeEnvironment,
  isMac,
  REQUIRED,
  SETTINGS,
  WHERE_KNOWN,
} from "./command.ts";
import { claudeReply } from "./output.ts";
import { type ClaudeSettings, claudeSettings } from "./settings.ts";

const CREDENTIALS = ".credentials.json";

export const claude: CliEvaluator<ClaudeSettings> = {
  name: "claude",
  hints: {
    auth: "run `claude` and log in, or check the key of your model provider",
    not_found: "install claude, or name another evaluator",
  },
  helpArguments: ["--help"],
  required: REQUIRED,
  optional: WHERE_KNOWN,
  async settings(options) {
    const settings = await claudeSettings(options);
    // The keychain is looked for in the home folder.
    return isMac(options) && !settings.hasKey ? { ...settings, needsHome: true } : settings;
  },
  login: (options, { hasKey }) =>
    hasKey || isMac(options)
      ? null
      : { path: join(storageFolder(options), CREDENTIALS), copy: join(CONFIG_DIRECTORY, CREDENTIALS) },
  files: ({ settings, config }) => ({ [SETTINGS]: settings, [join(CONFIG_DIRECTORY, ".claude.json")]: config }),
  // A login that is missing it tells itself.
  preflight: () => null,
  environment: claudeEnvironment,
  arguments: claudeArguments,
  reply: async (result) => claudeReply(result),
};

/**
 * Where the user's Claude Code keeps its login; an empty name means the folder in the home. An absolute path: a killed
 * run's login is handed back by a process that may work elsewhere.
 */
function storageFolder({ env, home }: EvaluatorOptions): string {
  const storage = env.CLAUDE_SECURESTORAGE_CONFIG_DIR;
  return resolve(storage === undefined ? claudeHome(env, home) : storage || join(home, ".claude"));
}
