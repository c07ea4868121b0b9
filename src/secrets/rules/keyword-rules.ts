// Names whose value is a secret only if it looks random: `key`, `auth` and `session` also name other things, and in
// `credentials: "include"` the value is no secret.
import { looksRandom } from "../entropy.ts";
import type { SecretRule } from "./rule.ts";

const QUOTE = "\\\\{0,3}[\"'`]";
/** What may follow a name; the scanner searches for the name with one of these. */
const GLUES = ["=", ":", " =", " :", '"', "'", "`", "\\", "]"];

const GLUE = `(?:${QUOTE})?\\]?\\s{0,8}(?::=|=>|==?|:|\\\\u003d)(?!=)[^\\S\\n]{0,8}(?:${QUOTE})?`;
const VALUE = "[A-Za-z0-9+/=_.~%!@#^*-]{16,4096}";

const NAMES: readonly [kind: string, names: string][] = [
  ["credentials", "credential credentials creds cred"],
  ["token", "pat jwt bearer"],
  ["signature", "sig signature hmac"],
  ["secret", "key keys auth session sessionid session_id sid salt seed otp dsn license webhook csrf"],
];

export const KEYWORD_RULES: readonly SecretRule[] = NAMES.map(([kind, text]) => {
  const names = text.split(" ");
  return {
    kind,
    begins: names.flatMap((name) => GLUES.map((glue) => name + glue)),
    pattern: new RegExp(`(?<keep>(?:${names.map(spellings).join("|")})${GLUE})${VALUE}`, "y"),
    accepts: looksRandom,
  };
});

/** In lower case not after a letter (`compat`, `monkey`), but capitalized as in `apiKey` and `API_KEY`. */
function spellings(name: string): string {
  return `(?<![A-Za-z])${name}|${name.charAt(0).toUpperCase()}${name.slice(1)}|${name.toUpperCase()}`;
}
