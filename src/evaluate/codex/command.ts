// The `codex exec` of an evaluation as a value: what is run, with which environment.
import type { Environment } from "../../system/paths.ts";
import type { ProviderSettings } from "./config.ts";
import { evaluatorEnvironment } from "./env.ts";
import type { CodexPlaces } from "./home.ts";

/**
 * Options passed where this Codex has them. Not `--ignore-user-config`: it ignores the isolated home's own
 * `config.toml` as well, and with it the provider (0.169 then sends everything to OpenAI).
 */
export const WHERE_KNOWN: string[] = ["--ephemeral", "--ignore-rules"];

/** The environment of every Codex process of an evaluation; with `leavesHome`, without the user's home folder. */
export function codexEnvironment(
  env: Environment,
  places: CodexPlaces,
  { envNames: providerVariables }: ProviderSettings,
  leavesHome: boolean,
): Record<string, string> {
  return evaluatorEnvironment(env, places, { providerVariables, leavesHome });
}

export function codexArguments(places: CodexPlaces, options: ReadonlySet<string>, model: string | null): string[] {
  return [
    "exec",
    ...["-C", places.work],
    ...["--sandbox", "read-only"],
    "--skip-git-repo-check",
    ...["--output-schema", places.schema],
    ...["--output-last-message", places.answer],
    // Codex 0.42 has both, and only the experimental one prints the events of later versions.
    options.has("--experimental-json") ? "--experimental-json" : "--json",
    ...WHERE_KNOWN.filter((option) => options.has(option)),
    ...(model === null ? [] : [`--model=${model}`]),
    "-",
  ];
}
