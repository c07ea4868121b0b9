// The evaluator that asks the user's Codex. It reads a prompt from standard input, works in an empty folder with a
// home of its own, may neither write nor run anything, and is ended when it takes too long.
import { join, resolve } from "node:path";
import { budgetDigest, type Digest } from "../../evidence/digest.ts";
import { cacheDirectory } from "../../system/cache-directory.ts";
import { ExpectedError, hasCode } from "../../system/errors.ts";
import type { Environment } from "../../system/paths.ts";
import type { EvaluationResult } from "../evaluator.ts";
import { answerJsonSchema } from "../verdict.ts";
import { attempt, type CodexCall } from "./attempt.ts";
import { codexArguments, codexEnvironment } from "./command.ts";
import { failureOf, failureOfRun } from "./failure.ts";
import { type CodexHome, openCodexHome } from "./home.ts";
import { askCodex, findExecutable } from "./traits.ts";

export interface CodexOptions {
  /** A name to look up in `PATH`, or a path. */
  command: string;
  /** Null leaves the choice to the user's Codex settings. */
  model: string | null;
  /** For both tries together. */
  timeoutMs: number;
  env: Environment;
  home: string;
}

/** Lets Codex put a digest into words. A digest that is too long for its model is tried once more, far shorter. */
export async function evaluateWithCodex(digest: Digest, options: CodexOptions): Promise<EvaluationResult> {
  const { command, env, home } = options;
  const executable = findExecutable(command, env.PATH ?? "");
  if (executable === null) {
    return {
      ok: false,
      failure: failureOf("not_found", `\`${command}\` is not installed or may not be run`, { home }),
    };
  }
  try {
    const userHome = env.CODEX_HOME ? resolve(env.CODEX_HOME) : join(home, ".codex");
    const codexHome = await openCodexHome(join(cacheDirectory(env, home), "evaluator"), userHome, answerJsonSchema());
    try {
      return await evaluateIn(codexHome, executable, digest, options);
    } finally {
      await codexHome.close();
    }
  } catch (error) {
    return { ok: false, failure: failureOfError(error, home) };
  }
}

async function evaluateIn(
  codexHome: CodexHome,
  executable: string,
  digest: Digest,
  { model, timeoutMs, env: userEnv, home }: CodexOptions,
): Promise<EvaluationResult> {
  const began = performance.now();
  const elapsed = () => Math.round(performance.now() - began);
  if (codexHome.loginInKeyring && !userEnv.CODEX_API_KEY) {
    const hint = 'set `cli_auth_credentials_store = "file"` in its `config.toml` and run `codex login`';
    return { ok: false, failure: failureOf("auth", "codex has its login in the system's keyring", { home, hint }) };
  }
  const surroundings = { cwd: codexHome.work, env: codexEnvironment(userEnv, codexHome) };
  const asked = await askCodex(executable, surroundings);
  if ("failed" in asked) return { ok: false, failure: failureOfRun(asked.failed, null, home) };
  const { version, options } = asked.traits;
  if (!options.has("--output-schema")) {
    const message = `codex ${version ?? "of an unknown version"} knows no \`--output-schema\``;
    return { ok: false, failure: failureOf("other", message, { home, hint: "update codex" }) };
  }

  const argv = [executable, ...codexArguments(codexHome, options, model)] as const;
  const call: CodexCall = { ...surroundings, argv, answer: codexHome.answer, userHome: home };
  const remaining = () => Math.max(1, timeoutMs - elapsed());
  let size: "full" | "budget" = "full";
  let result = await attempt(call, digest, remaining());
  if (!result.ok && result.failure.class === "context_overflow") {
    size = "budget";
    result = await attempt(call, budgetDigest(digest), remaining());
  }
  if (!result.ok) return result;
  const evaluator = {
    name: "codex" as const,
    model: model ?? codexHome.settings.model,
    version,
    digest: size,
    input_tokens: result.inputTokens,
    output_tokens: result.outputTokens,
    duration_ms: elapsed(),
  };
  return { ok: true, evaluation: { verdict: result.verdict, evaluator, redactions: result.redactions } };
}

/** A home that cannot be made, a program the system refuses to start: the export goes on without a verdict. */
function failureOfError(error: unknown, home: string) {
  if (hasCode(error, "ENOEXEC")) return failureOf("not_found", "codex is no program this system can run", { home });
  if (error instanceof ExpectedError) return failureOf("other", error.message, { home, hint: error.hint });
  if (error instanceof Error && "syscall" in error) return failureOf("other", error.message, { home });
  throw error;
}
