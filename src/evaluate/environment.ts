// The environment of an evaluation: what any program needs. What the evaluator's own needs are, it says itself.
import { dirname } from "node:path";
import type { Environment } from "../system/paths.ts";
import type { EvaluationPaths } from "./private-home.ts";

const PASSED_THROUGH = `PATH HOME TMPDIR TMP TEMP TZ LANG LANGUAGE
  HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY
  SSL_CERT_FILE SSL_CERT_DIR NODE_EXTRA_CA_CERTS REQUESTS_CA_BUNDLE CURL_CA_BUNDLE
  SYSTEMROOT PATHEXT COMSPEC USERPROFILE APPDATA LOCALAPPDATA`.split(/\s+/);

/** By the value of this variable, which no other process has, those of an evaluation are found again. */
export const PROCESS_MARKER = "GIT_CEILING_DIRECTORIES";

/** What a program asks git about its working folder must not be told of a repository around it. */
function gitIsolation(places: EvaluationPaths): Record<string, string> {
  return { [PROCESS_MARKER]: markerValue(places), GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" };
}

export function markerValue({ work }: EvaluationPaths): string {
  return dirname(work);
}

/**
 * Everything else stays out, the ids of the session that we may be running in first of all: they would tie the
 * evaluation to it.
 */
export function evaluatorEnvironment(
  env: Environment,
  places: EvaluationPaths,
  { own, leavesHome }: { own: Record<string, string>; leavesHome: boolean },
): Record<string, string> {
  const passed = pickVariables(env, (name) => /^LC_/i.test(name) || PASSED_THROUGH.includes(name.toUpperCase()));
  const away = { HOME: places.home, ...(passed.USERPROFILE !== undefined && { USERPROFILE: places.home }) };
  return { ...passed, ...(leavesHome && away), ...gitIsolation(places), NO_COLOR: "1", ...own };
}

/** The variables that are set and wanted. */
export function pickVariables(env: Environment, isWanted: (name: string) => boolean): Record<string, string> {
  const wanted: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) if (value !== undefined && isWanted(name)) wanted[name] = value;
  return wanted;
}
