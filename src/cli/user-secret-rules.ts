import { loadUserConfig } from "../config/config.ts";
import { setOwnRules } from "../secrets/rule-set.ts";
import { ExpectedError } from "../system/errors.ts";
import type { Environment } from "../system/paths.ts";

/**
 * Applies the user's own rules for secrets, before any text is read. A repository's rules are ignored: they could run
 * expensive patterns or allow secrets. Throws an `ExpectedError` for a rule that cannot be used, because the secret it
 * describes would not be removed.
 */
export function useOwnSecretRules(env: Environment, home: string): void {
  const { secretsAllow, secretsRules } = loadUserConfig(env, home);
  if (secretsAllow === undefined && secretsRules === undefined) return;
  const [problem] = setOwnRules({ allow: secretsAllow?.value ?? [], rules: secretsRules?.value ?? [] });
  if (problem === undefined) return;
  throw new ExpectedError(`${secretsRules?.from}: ${problem}`, { hint: "correct or remove that rule" });
}
