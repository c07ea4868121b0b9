// The environment of an evaluation: what any program needs, and the variables its provider names.
import type { Environment } from "../../system/paths.ts";

const PASSED = new Set(
  `PATH HOME TMPDIR TMP TEMP TZ LANG LANGUAGE
  HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY
  SSL_CERT_FILE SSL_CERT_DIR NODE_EXTRA_CA_CERTS REQUESTS_CA_BUNDLE CURL_CA_BUNDLE CODEX_CA_CERTIFICATE
  SYSTEMROOT PATHEXT COMSPEC USERPROFILE APPDATA LOCALAPPDATA`.split(/\s+/),
);

/** Everything else stays out, `CODEX_THREAD_ID` and its kin first of all: they would tie the evaluation to a session. */
export function evaluatorEnvironment(
  env: Environment,
  own: { codexHome: string; providerVariables: readonly string[] },
): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    const upper = name.toUpperCase();
    if (value === undefined) continue;
    if (PASSED.has(upper) || upper.startsWith("LC_") || own.providerVariables.includes(name)) passed[name] = value;
  }
  return { ...passed, CODEX_HOME: own.codexHome, NO_COLOR: "1" };
}
