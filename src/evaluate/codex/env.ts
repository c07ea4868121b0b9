// The environment of an evaluation: what any program needs, and the variables its provider names.
import { dirname } from "node:path";
import type { Environment } from "../../system/paths.ts";
import type { CodexPlaces } from "./home.ts";

const PASSED = new Set(
  `PATH HOME TMPDIR TMP TEMP TZ LANG LANGUAGE
  HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY
  SSL_CERT_FILE SSL_CERT_DIR NODE_EXTRA_CA_CERTS REQUESTS_CA_BUNDLE CURL_CA_BUNDLE CODEX_CA_CERTIFICATE
  SYSTEMROOT PATHEXT COMSPEC USERPROFILE APPDATA LOCALAPPDATA`.split(/\s+/),
);

/** What Codex asks git about its working folder must not be told of a repository around it, such as the home folder. */
function gitKeptOut({ work }: Pick<CodexPlaces, "work">): Record<string, string> {
  return { GIT_CEILING_DIRECTORIES: dirname(work), GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" };
}

/** Everything else stays out, `CODEX_THREAD_ID` and its kin first of all: they would tie the evaluation to a session. */
export function evaluatorEnvironment(
  env: Environment,
  places: Pick<CodexPlaces, "home" | "codexHome" | "work">,
  { providerVariables, leavesHome }: { providerVariables: readonly string[]; leavesHome: boolean },
): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    const upper = name.toUpperCase();
    if (value === undefined) continue;
    if (PASSED.has(upper) || upper.startsWith("LC_") || providerVariables.includes(name)) passed[name] = value;
  }
  const away = { HOME: places.home, ...(passed.USERPROFILE !== undefined && { USERPROFILE: places.home }) };
  return { ...passed, ...(leavesHome && away), ...gitKeptOut(places), CODEX_HOME: places.codexHome, NO_COLOR: "1" };
}
