// An evaluation by a program. It reads a prompt from standard input, works in an empty folder with a home of its own,
// may neither write nor run anything, and is ended when it takes too long.
import { budgetDigest, type Digest } from "../digest/digest.ts";
import { ExpectedError, hasCode } from "../system/errors.ts";
import { explainRefusal, isRefusal } from "../system/write-failure.ts";
import { type Attempt, attempt, type Call } from "./attempt.ts";
import { evaluatorEnvironment } from "./environment.ts";
import type { EvaluationResult } from "./evaluator.ts";
import { findExecutable } from "./executable.ts";
import type { Failure, FailureClass } from "./failure.ts";
import { cachePaths, type EvaluatorOptions, notInstalled } from "./options.ts";
import { openIsolatedHome, type IsolatedHome, cleanUpHomes } from "./private-home.ts";
import type { CliEvaluator, CliSettings } from "./program.ts";
import { failureOf, failureOfRun } from "./told-failure.ts";
import { detectCapabilities } from "./traits.ts";
import { dropCapabilities } from "./traits-cache.ts";

/** Lets a program put a digest into words. A digest that is too long for its model is tried once more, far shorter. */
export async function evaluateWithCli<Settings extends CliSettings>(
  program: CliEvaluator<Settings>,
  digest: Digest,
  options: EvaluatorOptions,
): Promise<EvaluationResult> {
  const { command, env, home } = options;
  const executable = findExecutable(command, env.PATH ?? "");
  if (executable === null) return failed(program, "not_found", notInstalled(command), { home });
  try {
    const { homes } = cachePaths(options, program.name);
    await cleanUpHomes(homes);
    const settings = await program.settings(options);
    const own = await openIsolatedHome(homes, program.files(settings), program.login(options, settings));
    return await evaluateAndClose(own, { program, settings, executable, digest, options });
  } catch (error) {
    return { ok: false, failure: failureOfError(program, error, home) };
  }
}

interface Evaluated<Settings extends CliSettings> {
  program: CliEvaluator<Settings>;
  settings: Settings;
  executable: string;
  digest: Digest;
  options: EvaluatorOptions;
}

/** What a model said is paid for: it counts also where its home cannot be closed. The next evaluation closes that one. */
async function evaluateAndClose<Settings extends CliSettings>(
  own: IsolatedHome,
  evaluated: Evaluated<Settings>,
): Promise<EvaluationResult> {
  let result: EvaluationResult | null = null;
  try {
    result = await evaluateIn(own, evaluated);
  } finally {
    await own.close().catch((error) => {
      if (!result?.ok || !isRefusal(error)) throw error;
    });
  }
  return result;
}

async function evaluateIn<Settings extends CliSettings>(
  places: IsolatedHome,
  { program, settings, executable, digest, options }: Evaluated<Settings>,
): Promise<EvaluationResult> {
  const { model, timeoutMs, env: userEnv, home } = options;
  const began = performance.now();
  const elapsed = () => Math.round(performance.now() - began);
  const remaining = () => Math.max(1, timeoutMs - elapsed());
  const objection = program.preflight(settings, places.hasLogin, options);
  if (objection !== null) return failed(program, "auth", objection.message, { home, hint: objection.hint });
  const own = program.environment(places, settings, options);
  const environment = (leavesHome: boolean) => evaluatorEnvironment(userEnv, places, { own, leavesHome });
  const cache = cachePaths(options, program.name).traits;
  const query = { executable, help: program.helpArguments, cache, environment, work: places.work, timeoutMs: remaining() };
  const asked = await detectCapabilities(query);
  if ("failed" in asked) return { ok: false, failure: failureOfRun(program, asked.failed, null, home) };
  const { version, options: known, worksWithoutHome: leavesHome } = asked.traits;
  const missing = program.required.find((option) => !known.has(option));
  if (missing !== undefined) {
    const message = `${program.name} ${version ?? "of an unknown version"} knows no \`${missing}\``;
    return failed(program, "other", message, { home, hint: `update ${program.name}` });
  }

  const call: Call = {
    program,
    argv: [executable, ...program.arguments({ places, settings, options, supported: known })],
    env: environment(leavesHome && !settings.needsHome),
    places,
    userHome: home,
  };
  const again = (failure: Failure) => {
    if (failure.class === "context_overflow") return remaining();
    return failure.class === "timeout" && options.retriesTimeout ? timeoutMs : null;
  };
  const { result, size } = await attemptTwice(call, digest, remaining(), again);
  if (!result.ok) {
    if (result.failure.class === "other") await dropCapabilities(cache, executable);
    return result;
  }
  const { verdict, redactions, spent } = result;
  const evaluator = {
    name: program.name,
    model: spent.model ?? model ?? settings.model,
    version,
    digest: size,
    input_tokens: spent.inputTokens,
    output_tokens: spent.outputTokens,
    ...(spent.costUsd !== null && { cost_usd: spent.costUsd }),
    duration_ms: elapsed(),
  };
  return { ok: true, evaluation: { verdict, evaluator, redactions } };
}

/** `again` gives how long a second try may take, far shorter than the first; null for none. */
async function attemptTwice(
  call: Call,
  digest: Digest,
  timeoutMs: number,
  again: (failure: Failure) => number | null,
): Promise<{ result: Attempt; size: "full" | "budget" }> {
  const result = await attempt(call, digest, timeoutMs);
  const left = result.ok ? null : again(result.failure);
  if (left === null) return { result, size: "full" };
  return { result: await attempt(call, budgetDigest(digest), left), size: "budget" };
}

type Named = Pick<CliEvaluator, "name" | "hints">;

function failed(program: Named, failureClass: FailureClass, message: string, details: { home: string; hint?: string }) {
  return { ok: false as const, failure: failureOf(program, failureClass, message, details) };
}

/** A home that cannot be made, a program the system refuses to start: the export goes on without a verdict. */
function failureOfError(program: Named, thrown: unknown, home: string): Failure {
  const error = explainRefusal(thrown);
  if (hasCode(error, "ENOEXEC"))
    return failureOf(program, "not_found", `${program.name} is no program this system can run`, { home });
  if (error instanceof ExpectedError) return failureOf(program, "other", error.message, { home, hint: error.hint });
  if (error instanceof Error && "syscall" in error) return failureOf(program, "other", error.message, { home });
  throw error;
}
