// The evaluator that asks the user's Codex, by `codex exec`.
import { join, resolve } from "node:path";
import type { EvaluatorOptions } from "../options.ts";
import type { CliEvaluator } from "../program.ts";
import { readUserFile } from "../small-file.ts";
import { answerJsonSchema } from "../verdict.ts";
import { CODEX_HOME, codexArguments, codexEnvironment, SCHEMA, WHERE_KNOWN } from "./command.ts";
import { type ProviderSettings, providerSettings } from "./config.ts";
import { codexReply } from "./output.ts";

export const codex: CliEvaluator<ProviderSettings> = {
  name: "codex",
  hints: {
    auth: "run `codex login`, or check the key of your model provider",
    not_found: "install codex, or name another evaluator",
  },
  helpArguments: ["exec", "--help"],
  required: ["--output-schema"],
  optional: WHERE_KNOWN,
  settings: async (options) => providerSettings(await readUserFile(join(userCodexHome(options), "config.toml"))),
  login: (options) => ({ path: join(userCodexHome(options), "auth.json"), copy: join(CODEX_HOME, "auth.json") }),
  files: ({ toml }) => ({
    [join(CODEX_HOME, "config.toml")]: toml,
    [SCHEMA]: JSON.stringify(answerJsonSchema()),
  }),
  preflight({ needsLogin, keyring }, isLent, { env }) {
    if (!needsLogin || !keyring || isLent || env.CODEX_API_KEY) return null;
    return {
      message: "codex has its login in the system's keyring",
      hint: 'set `cli_auth_credentials_store = "file"` in its `config.toml` and run `codex login`',
    };
  },
  environment: (places, settings, { env }) => codexEnvironment(env, places, settings),
  arguments: ({ places, options, supported: known }) => codexArguments(places, known, options.model),
  reply: codexReply,
};

/** The CODEX_HOME the user works with. */
function userCodexHome({ env, home }: EvaluatorOptions): string {
  return env.CODEX_HOME ? resolve(env.CODEX_HOME) : join(home, ".codex");
}
