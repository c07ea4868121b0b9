// The `codex exec` of an evaluation as a value: what is run, with which environment.
import { join } from "node:path";
import type { Environment } from "../../system/paths.ts";
import { pickVariables } from "../environment.ts";
import type { EvaluationPaths } from "../private-home.ts";
import type { ProviderSettings } from "./config.ts";

/** Where things are in the private folder. */
export const CODEX_HOME = join("home", ".codex");
export const SCHEMA = "schema.json";
export const ANSWER = "answer";

/**
 * Options passed where this Codex has them. Not `--ignore-user-config`: it ignores the isolated home's own
 * `config.toml` as well, and with it the provider (0.169 then sends everything to OpenAI).
 */
export const WHERE_KNOWN: string[] = ["--ephemeral", "--ignore-rules"];

/** Not `CODEX_THREAD_ID` and its kin: they would tie the evaluation to a session. */
export function codexEnvironment(
  env: Environment,
  { folder }: EvaluationPaths,
  { envNames }: ProviderSettings,
): Record<string, string> {
  const provided = pickVariables(env, (name) => name === "CODEX_CA_CERTIFICATE" || envNames.includes(name));
  return { ...provided, CODEX_HOME: join(folder, CODEX_HOME) };
}

export function codexArguments({ folder, work }: EvaluationPaths, options: ReadonlySet<string>, model: string | null): string[] {
  return [
    "exec",
    ...["-C", work],
    ...["--sandbox", "read-only"],
    "--skip-git-repo-check",
    ...["--output-schema", join(folder, SCHEMA)],
    ...["--output-last-message", join(folder, ANSWER)],
    // Codex 0.42 has both, and only the experimental one prints the events of later versions.
    options.has("--experimental-json") ? "--experimental-json" : "--json",
    ...WHERE_KNOWN.filter((option) => options.has(option)),
    ...(model === null ? [] : [`--model=${model}`]),
    "-",
  ];
}
