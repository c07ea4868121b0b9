// The evaluator that asks the user's Codex. It reads a prompt from standard input, works in an empty folder with a
// home of its own, may neither write nor run anything, and is ended when it takes too long.
import { budgetDigest, type Digest } from "../../evidence/digest.ts";
import { ExpectedError, hasCode } from "../../system/errors.ts";
import type { EvaluationResult } from "../evaluator.ts";
import { answerJsonSchema } from "../verdict.ts";
import { type Attempt, attempt, type CodexCall } from "./attempt.ts";
import { codexArguments, codexEnvironment } from "./command.ts";
import { findExecutable } from "./executable.ts";
import { failureOf, failureOfRun } from "./failure.ts";
import { type CodexHome, openCodexHome } from "./home.ts";
import { type CodexOptions, cachePaths, notInstalled, userCodexHome } from "./options.ts";
import { askCodex } from "./traits.ts";
import { forgetTraits } from "./traits-cache.ts";

/** Lets Codex put a digest into words. A digest that is too long for its model is tried once more, far shorter. */
export async function evaluateWithCodex(digest: Digest, options: CodexOptions): Promise<EvaluationResult> {
  const { command, env, home } = options;
  const executable = findExecutable(command, env.PATH ?? "");
  if (executable === null) return { ok: false, failure: failureOf("not_found", notInstalled(command), { home }) };
  try {
    const codexHome = await openCodexHome(cachePaths(options).homes, userCodexHome(options), answerJsonSchema());
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
  options: CodexOptions,
): Promise<EvaluationResult> {
  const { model, timeoutMs, env: userEnv, home } = options;
  const { settings, work } = codexHome;
  const began = performance.now();
  const elapsed = () => Math.round(performance.now() - began);
  const remaining = () => Math.max(1, timeoutMs - elapsed());
  if (codexHome.loginInKeyring && !userEnv.CODEX_API_KEY) {
    const hint = 'set `cli_auth_credentials_store = "file"` in its `config.toml` and run `codex login`';
    return { ok: false, failure: failureOf("auth", "codex has its login in the system's keyring", { home, hint }) };
  }
  const environment = (leavesHome: boolean) => codexEnvironment(userEnv, codexHome, settings, leavesHome);
  const cache = cachePaths(options).traits;
  const asked = await askCodex({ executable, cache, environment, work, timeoutMs: remaining() });
  if ("failed" in asked) return { ok: false, failure: failureOfRun(asked.failed, null, home) };
  const { version, options: known, leavesHome } = asked.traits;
  if (!known.has("--output-schema")) {
    const message = `codex ${version ?? "of an unknown version"} knows no \`--output-schema\``;
    return { ok: false, failure: failureOf("other", message, { home, hint: "update codex" }) };
  }

  const call: CodexCall = {
    argv: [executable, ...codexArguments(codexHome, known, model)],
    cwd: work,
    env: environment(leavesHome && !settings.needsHome),
    answer: codexHome.answer,
    userHome: home,
  };
  const { result, size } = await attemptTwice(call, digest, remaining);
  if (!result.ok) {
    if (result.failure.class === "other") await forgetTraits(cache, executable);
    return result;
  }
  const evaluator = {
    name: "codex" as const,
    model: model ?? settings.model,
    version,
    digest: size,
    input_tokens: result.inputTokens,
    output_tokens: result.outputTokens,
    duration_ms: elapsed(),
  };
  return { ok: true, evaluation: { verdict: result.verdict, evaluator, redactions: result.redactions } };
}

async function attemptTwice(
  call: CodexCall,
  digest: Digest,
  remaining: () => number,
): Promise<{ result: Attempt; size: "full" | "budget" }> {
  const result = await attempt(call, digest, remaining());
  if (result.ok || result.failure.class !== "context_overflow") return { result, size: "full" };
  return { result: await attempt(call, budgetDigest(digest), remaining()), size: "budget" };
}

/** A home that cannot be made, a program the system refuses to start: the export goes on without a verdict. */
function failureOfError(error: unknown, home: string) {
  if (hasCode(error, "ENOEXEC")) return failureOf("not_found", "codex is no program this system can run", { home });
  if (error instanceof ExpectedError) return failureOf("other", error.message, { home, hint: error.hint });
  if (error instanceof Error && "syscall" in error) return failureOf("other", error.message, { home });
  throw error;
}
