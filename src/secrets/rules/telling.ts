// Names that may hold a secret: what stands behind them is one only if it looks drawn by lot. `key`, `auth` and
// `session` name many things, `credentials: "include"` is none.
import { looksRandom } from "../looks-random.ts";
import type { SecretRule } from "./rule.ts";

const QUOTE = "\\\\{0,3}[\"'`]";
/** What may stand between a name and its value; the scanner looks for the name with one of them. */
const GLUES = ["=", ":", " =", " :", '"', "'", "`", "\\", "]"];

const GLUE = `(?:${QUOTE})?\\]?\\s{0,8}(?::=|=>|==?|:|\\\\u003d)(?!=)[^\\S\\n]{0,8}(?:${QUOTE})?`;
const VALUE = "[A-Za-z0-9+/=_.~%!@#^*-]{16,4096}";

const NAMES: readonly [kind: string, names: string][] = [
  ["credentials", "credential credentials creds cred"],
  ["token", "pat jwt bearer"],
  ["signature", "sig signature hmac"],
  ["secret", "key keys auth session sessionid session_id sid salt seed otp dsn license webhook csrf"],
];

export const TELLING_RULES: readonly SecretRule[] = NAMES.map(([kind, text]) => {
  const names = text.split(" ");
  return {
    kind,
    begins: names.flatMap((name) => GLUES.map((glue) => name + glue)),
    pattern: new RegExp(`(?<keep>(?:${names.map(spellings).join("|")})${GLUE})${VALUE}`, "y"),
    accepts: looksRandom,
  };
});

/** A letter before it makes it another word: `compat`, `monkey`; in `apiKey` and `API_KEY` it does not. */
function spellings(name: string): string {
  return `(?<![A-Za-z])${name}|${name.charAt(0).toUpperCase()}${name.slice(1)}|${name.toUpperCase()}`;
}
