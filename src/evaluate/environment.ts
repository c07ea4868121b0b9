// The environment variables that every tool gets. Those of one tool come from its evaluator.
import { dirname } from "node:path";
import type { Environment } from "../system/paths.ts";
import type { EvaluationPaths } from "./evaluator.ts";

const PASSED_THROUGH = `PATH HOME TMPDIR TMP TEMP TZ LANG LANGUAGE
  HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY
  SSL_CERT_FILE SSL_CERT_DIR NODE_EXTRA_CA_CERTS REQUESTS_CA_BUNDLE CURL_CA_BUNDLE
  SYSTEMROOT PATHEXT COMSPEC USERPROFILE APPDATA LOCALAPPDATA`.split(/\s+/);

/** Its value is unique to one evaluation: it identifies the processes that a killed `ctx` left behind. */
export const PROCESS_MARKER = "GIT_CEILING_DIRECTORIES";

export function markerValue({ work }: EvaluationPaths): string {
  return dirname(work);
}

/**
 * The tool's environment. Everything not named here is withheld, above all the session ids (`CODEX_THREAD_ID`, …) that
 * would link the evaluation to the session that `ctx` runs in.
 */
export function evaluatorEnvironment(
  env: Environment,
  paths: EvaluationPaths,
  { own, isolateHome }: { own: Record<string, string>; isolateHome: boolean },
): Record<string, string> {
  const passed = pickVariables(env, (name) => /^LC_/i.test(name) || PASSED_THROUGH.includes(name.toUpperCase()));
  return {
    ...passed,
    ...(isolateHome && { HOME: paths.home }),
    ...(isolateHome && passed.USERPROFILE !== undefined && { USERPROFILE: paths.home }),
    // The tools run git in their working folder: it must find no repository around it and no configuration.
    [PROCESS_MARKER]: markerValue(paths),
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    NO_COLOR: "1",
    ...own,
  };
}

/** The variables that are set and whose names match. */
export function pickVariables(env: Environment, matches: (name: string) => boolean): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) if (value !== undefined && matches(name)) picked[name] = value;
  return picked;
}
