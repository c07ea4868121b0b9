// The user's own rules for secrets, set up before any text is looked at. A repository may set none: its patterns would be
// run over everything its user does, and what it allowed would be left in.

import { loadUserConfig } from "../config/config.ts";
import { setOwnRules } from "../secrets/rule-set.ts";
import { ExpectedError } from "../system/errors.ts";
import type { Environment } from "../system/paths.ts";

/** Throws an `ExpectedError` when a rule cannot be used: a secret it was written for would be left in. */
export function useOwnSecretRules(env: Environment, home: string): void {
  const { secretsAllow, secretsRules } = loadUserConfig(env, home);
  if (secretsAllow === undefined && secretsRules === undefined) return;
  const [problem] = setOwnRules({ allow: secretsAllow?.value ?? [], rules: secretsRules?.value ?? [] });
  if (problem === undefined) return;
  throw new ExpectedError(`${secretsRules?.from}: ${problem}`, { hint: "mend or remove that rule" });
}
