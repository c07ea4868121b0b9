import { loadUserConfig } from "../config/config.ts";
import { setUserRules } from "../secrets/rule-set.ts";
import { ExpectedError } from "../system/errors.ts";
import type { Environment } from "../system/paths.ts";

/**
 * Applies the user's own rules for secrets, before any text is read. A repository's rules are ignored: they could
 * allow secrets. Throws an `ExpectedError` for a rule that cannot be used, because the secret it
 * describes would not be removed.
 */
export async function useUserSecretRules(env: Environment, home: string): Promise<void> {
  const { secretsAllow, secretsRules } = loadUserConfig(env, home);
  if (secretsAllow === undefined && secretsRules === undefined) return;
  const problem = await setUserRules({ allow: secretsAllow?.value ?? [], rules: secretsRules?.value ?? [] });
  if (problem === null) return;
  throw new ExpectedError(`${secretsRules?.from}: ${problem}`, { hint: "correct or remove that rule" });
}
