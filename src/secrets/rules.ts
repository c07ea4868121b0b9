// Everything that is known by its own form. Where two rules match at one place, the first decides.
import { CLOUD_RULES } from "./rules/clouds.ts";
import { CODE_RULES } from "./rules/code.ts";
import { COMMAND_RULES } from "./rules/commands.ts";
import { MODEL_RULES } from "./rules/models.ts";
import { REQUEST_RULES } from "./rules/requests.ts";
import type { SecretRule } from "./rules/rule.ts";
import { SERVICE_RULES } from "./rules/services.ts";
import { TELLING_RULES } from "./rules/telling.ts";

export const SECRET_RULES: readonly SecretRule[] = [
  ...CLOUD_RULES,
  ...CODE_RULES,
  ...SERVICE_RULES,
  ...MODEL_RULES,
  ...REQUEST_RULES,
  ...COMMAND_RULES,
  ...TELLING_RULES,
];
