// One evaluation by a command-line tool. The tool reads a prompt from standard input, works in an empty folder with an
// isolated home, may neither write nor run anything, and is killed after a time limit.
import { budgetDigest } from "../digest/collector.ts";
import type { Digest } from "../digest/digest.ts";
import { ExpectedError, hasCode } from "../system/errors.ts";
import { run } from "../system/spawn.ts";
import { explainSystemError, isFixable } from "../system/system-errors.ts";
import {
  cachedCapabilities,
  capabilitiesCache,
  detectCapabilities,
  dropCapabilities,
  findExecutable,
} from "./cli-capabilities.ts";
import { type Description, parseDescription } from "./description.ts";
import { evaluatorEnvironment } from "./environment.ts";
import type {
  CliEvaluator,
  CliSettings,
  EvaluationPaths,
  EvaluationResult,
  EvaluatorOptions,
  Usage,
} from "./evaluator.ts";
import { createFailure, type Failure, type FailureClass, failureOfRun } from "./failure.ts";
import { cleanUpHomes, homesFolder, type IsolatedHome, openIsolatedHome, planPaths } from "./isolated-home.ts";
import { buildPrompt } from "./prompt.ts";

const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;

/** Asks the tool to describe a run. If the digest is too long for its model, a much shorter one is tried once. */
export async function evaluateWithCli<Settings extends CliSettings>(
  evaluator: CliEvaluator<Settings>,
  digest: Digest,
  options: EvaluatorOptions,
): Promise<EvaluationResult> {
  const { command, env, home } = options;
  const executable = findExecutable(command, env.PATH ?? "");
  if (executable === null) return failed(evaluator, "not_found", notInstalled(command), { home });
  try {
    const homes = homesFolder(options);
    await cleanUpHomes(homes);
    const settings = await evaluator.settings(options);
    const isolated = await openIsolatedHome(homes, evaluator.files(settings), evaluator.login(options, settings));
    const evaluating = evaluateIn(isolated, { evaluator, settings, executable, digest, options });
    const [outcome] = await Promise.allSettled([evaluating]);
    const hasAnswer = outcome.status === "fulfilled" && outcome.value.ok;
    // The answer is paid for: keep it even if the home cannot be closed. The next evaluation closes that home.
    await isolated.close().catch((error) => {
      if (!hasAnswer || !isFixable(error)) throw error;
    });
    return await evaluating;
  } catch (error) {
    return { ok: false, failure: failureOfError(evaluator, error, home) };
  }
}

interface Evaluated<Settings extends CliSettings> {
  evaluator: CliEvaluator<Settings>;
  settings: Settings;
  executable: string;
  digest: Digest;
  options: EvaluatorOptions;
}

async function evaluateIn<Settings extends CliSettings>(
  { paths, hasLogin }: IsolatedHome,
  { evaluator, settings, executable, digest, options }: Evaluated<Settings>,
): Promise<EvaluationResult> {
  const { model, timeoutMs, home } = options;
  const began = performance.now();
  const elapsed = () => Math.round(performance.now() - began);
  const remaining = () => Math.max(1, timeoutMs - elapsed());
  const problem = evaluator.preflight(settings, hasLogin, options);
  if (problem !== null) return failed(evaluator, "auth", problem.message, { home, hint: problem.hint });

  const own = evaluator.environment(paths, settings, options);
  const environment = (isolateHome: boolean) => evaluatorEnvironment(options.env, paths, { own, isolateHome });
  const cache = capabilitiesCache(options, evaluator.name);
  const { helpArguments } = evaluator;
  const query = { executable, helpArguments, cache, environment, work: paths.work, timeoutMs: remaining() };
  const detected = await detectCapabilities(query);
  if ("failed" in detected) return { ok: false, failure: failureOfRun(evaluator, detected.failed, null, home) };
  const { version, options: supported, worksWithoutHome } = detected.capabilities;
  const missing = evaluator.required.find((option) => !supported.has(option));
  if (missing !== undefined) {
    const message = `${evaluator.name} ${version ?? "(unknown version)"} does not support \`${missing}\``;
    return failed(evaluator, "other", message, { home, hint: `update ${evaluator.name}` });
  }

  const call: Call = {
    evaluator,
    argv: [executable, ...evaluator.arguments({ paths, settings, options, supported })],
    env: environment(worksWithoutHome && !settings.needsHome),
    paths,
    userHome: home,
  };
  const retryTimeout = (failure: Failure) => {
    if (failure.class === "context_overflow") return remaining();
    return failure.class === "timeout" && options.retriesTimeout ? timeoutMs : null;
  };
  const { result, size } = await attemptTwice(call, digest, remaining(), retryTimeout);
  if (!result.ok) {
    if (result.failure.class === "other") await dropCapabilities(cache, executable);
    return result;
  }
  const { description, redactions, usage } = result;
  const record = {
    name: evaluator.name,
    model: usage.model ?? model ?? settings.model,
    version,
    digest: size,
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    ...(usage.costUsd !== null && { cost_usd: usage.costUsd }),
    duration_ms: elapsed(),
  };
  return { ok: true, evaluation: { description, evaluator: record, redactions } };
}

/** What both attempts have in common. */
interface Call {
  evaluator: Pick<CliEvaluator, "name" | "hints" | "reply">;
  argv: readonly [string, ...string[]];
  env: Record<string, string>;
  paths: EvaluationPaths;
  userHome: string;
}

type Attempt =
  | { ok: true; description: Description; redactions: number; usage: Usage }
  | { ok: false; failure: Failure };

/** `retryTimeout` returns the time limit of a second attempt with a much shorter digest; null for no second attempt. */
async function attemptTwice(
  call: Call,
  digest: Digest,
  timeoutMs: number,
  retryTimeout: (failure: Failure) => number | null,
): Promise<{ result: Attempt; size: "full" | "budget" }> {
  const result = await attempt(call, digest, timeoutMs);
  const retryMs = result.ok ? null : retryTimeout(result.failure);
  if (retryMs === null) return { result, size: "full" };
  return { result: await attempt(call, budgetDigest(digest), retryMs), size: "budget" };
}

async function attempt(call: Call, digest: Digest, timeoutMs: number): Promise<Attempt> {
  const { evaluator, argv, env, paths, userHome: home } = call;
  const stdin = buildPrompt(digest);
  const result = await run(argv, { cwd: paths.work, env, stdin, timeoutMs, maxOutputBytes: MAX_OUTPUT_BYTES });
  const reply = await evaluator.reply(result, paths);
  if (reply.answer === null) return { ok: false, failure: failureOfRun(evaluator, result, reply, home) };
  const parsed = parseDescription(reply.answer);
  if (parsed.ok) return { ...parsed, redactions: digest.redactions + parsed.redactions, usage: reply.usage };
  return failed(evaluator, "bad_output", parsed.problem, { stderr: result.stderr, home });
}

type Named = Pick<CliEvaluator, "name" | "hints">;

function failed(
  evaluator: Named,
  failureClass: FailureClass,
  message: string,
  details: { home: string; hint?: string; stderr?: string },
) {
  return { ok: false as const, failure: createFailure(evaluator, failureClass, message, details) };
}

/** The failure of an evaluation that could not start: no home could be created, or the system refused the tool. */
function failureOfError(evaluator: Named, thrown: unknown, home: string): Failure {
  const error = explainSystemError(thrown);
  if (hasCode(error, "ENOEXEC"))
    return createFailure(evaluator, "not_found", `this system cannot run ${evaluator.name}`, { home });
  if (error instanceof ExpectedError)
    return createFailure(evaluator, "other", error.message, { home, hint: error.hint });
  if (error instanceof Error && "syscall" in error) return createFailure(evaluator, "other", error.message, { home });
  throw error;
}

function notInstalled(command: string): string {
  return `\`${command}\` is not installed or not executable`;
}

export interface CliDryRun {
  argv: string[];
  /** The empty working folder. */
  cwd: string;
  /** The names of its environment variables, sorted. */
  env: string[];
  /** The text on its standard input. */
  prompt: string;
  /** Options in `argv` that an evaluation drops if the installed version lacks them, which was not checked yet. */
  unconfirmed: string[];
}

/** What the first attempt would run, without running or writing anything. A second one differs only in its prompt. */
export async function dryRunCli<Settings extends CliSettings>(
  evaluator: CliEvaluator<Settings>,
  digest: Digest,
  options: EvaluatorOptions,
): Promise<CliDryRun> {
  const { command, env } = options;
  const executable = findExecutable(command, env.PATH ?? "");
  if (executable === null) {
    throw new ExpectedError(notInstalled(command), { hint: `install ${evaluator.name}, or choose another evaluator` });
  }
  const settings = await evaluator.settings(options);
  const paths = await planPaths(homesFolder(options));
  const cached = cachedCapabilities(capabilitiesCache(options, evaluator.name), executable);
  const supported = cached?.options ?? new Set(evaluator.optional);
  const isolateHome = (cached?.worksWithoutHome ?? true) && !settings.needsHome;
  const own = evaluator.environment(paths, settings, options);
  const argv = [executable, ...evaluator.arguments({ paths, settings, options, supported })];
  return {
    argv,
    cwd: paths.work,
    env: Object.keys(evaluatorEnvironment(env, paths, { own, isolateHome })).sort(),
    prompt: buildPrompt(digest),
    unconfirmed: cached === null ? evaluator.optional.filter((option) => argv.includes(option)) : [],
  };
}
