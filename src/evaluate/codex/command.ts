// The `codex exec` of an evaluation as a value: what is run, with which environment.
import type { Environment } from "../../system/paths.ts";
import { evaluatorEnvironment } from "./env.ts";
import type { CodexHome } from "./home.ts";

/**
 * Options passed where this Codex has them. Not `--ignore-user-config`: it ignores the isolated home's own
 * `config.toml` as well, and with it the provider (0.169 then sends everything to OpenAI).
 */
const WHERE_KNOWN = ["--ephemeral", "--ignore-rules"];

/** The environment of every Codex process of an evaluation. */
export function codexEnvironment(env: Environment, { path, settings }: CodexHome): Record<string, string> {
  return evaluatorEnvironment(env, { codexHome: path, providerVariables: settings.envNames });
}

export function codexArguments(home: CodexHome, options: ReadonlySet<string>, model: string | null): string[] {
  return [
    "exec",
    ...["-C", home.work],
    ...["--sandbox", "read-only"],
    "--skip-git-repo-check",
    ...["--output-schema", home.schema],
    ...["--output-last-message", home.answer],
    // Codex 0.42 has both, and only the experimental one prints the events of later versions.
    options.has("--experimental-json") ? "--experimental-json" : "--json",
    ...WHERE_KNOWN.filter((option) => options.has(option)),
    ...(model === null ? [] : [`--model=${model}`]),
    "-",
  ];
}
