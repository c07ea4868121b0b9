// The evaluator that runs the user's Codex: `codex exec`.
import { join, resolve } from "node:path";
import { answerJsonSchema } from "../description.ts";
import { pickVariables } from "../environment.ts";
import type { CliEvaluator, EvaluatorOptions } from "../evaluator.ts";
import { readUserFile } from "../user-file.ts";
import { type ProviderSettings, providerSettings } from "./config.ts";
import { ANSWER, codexReply } from "./output.ts";

/** Paths in the private folder. */
const CODEX_HOME = join("home", ".codex");
const SCHEMA = "schema.json";

/**
 * Not `--ignore-user-config`: it ignores the isolated home's `config.toml` as well, and with it the provider (0.169
 * then sends everything to OpenAI).
 */
const OPTIONAL = ["--ephemeral", "--ignore-rules"];

export const codex: CliEvaluator<ProviderSettings> = {
  name: "codex",
  hints: {
    auth: "run `codex login`, or check the key of your model provider",
    not_found: "install codex, or choose another evaluator",
  },
  helpArguments: ["exec", "--help"],
  required: ["--output-schema"],
  optional: OPTIONAL,
  settings: async (options) => providerSettings(await readUserFile(join(userCodexHome(options), "config.toml"))),
  login: (options) => ({ path: join(userCodexHome(options), "auth.json"), copy: join(CODEX_HOME, "auth.json") }),
  files: ({ toml }) => ({
    [join(CODEX_HOME, "config.toml")]: toml,
    [SCHEMA]: JSON.stringify(answerJsonSchema()),
  }),
  preflight({ needsLogin, keyring }, hasLogin, { env }) {
    if (!needsLogin || !keyring || hasLogin || env.CODEX_API_KEY) return null;
    return {
      message: "codex keeps its login in the system keyring",
      hint: 'set `cli_auth_credentials_store = "file"` in its `config.toml` and run `codex login`',
    };
  },
  environment({ folder }, { envNames }, { env }) {
    const provider = pickVariables(env, (name) => name === "CODEX_CA_CERTIFICATE" || envNames.includes(name));
    return { ...provider, CODEX_HOME: join(folder, CODEX_HOME) };
  },
  arguments: ({ paths: { folder, work }, options: { model }, supported }) => [
    "exec",
    "-C",
    work,
    "--sandbox",
    "read-only",
    "--skip-git-repo-check",
    "--output-schema",
    join(folder, SCHEMA),
    "--output-last-message",
    join(folder, ANSWER),
    // Codex 0.42 has both options; only the experimental one prints the events as later versions do.
    supported.has("--experimental-json") ? "--experimental-json" : "--json",
    ...OPTIONAL.filter((option) => supported.has(option)),
    ...(model === null ? [] : [`--model=${model}`]),
    "-",
  ],
  reply: codexReply,
};

function userCodexHome({ env, home }: EvaluatorOptions): string {
  return env.CODEX_HOME ? resolve(env.CODEX_HOME) : join(home, ".codex");
}
