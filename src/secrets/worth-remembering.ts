// What of a secret is looked for elsewhere. A password that is a word would take that word out of the whole session.
import { isMadeOfWords, looksRandom } from "./looks-random.ts";
import { withoutBreaks } from "./wrapped.ts";

/** Their values are their own evidence; of all other kinds it was a name that told. */
const BY_NAME = new Set(["password", "token", "secret", "api-key", "credentials", "signature", "authorization"]);
const HASH = /^(?:[0-9a-f]{7,128}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|sha\d{1,3}[-:].*)$/i;
const PATH = /^(?:~|\.{1,2})?\/|:\/\/|^[A-Za-z]:\\/;
const SHORTEST_KEY_LINE = 32;

/** The values to remember of a secret as it was written, in each spelling they may be met in. */
export function worthRemembering(kind: string, secret: string): string[] {
  if (kind === "private-key") return keyLines(secret);
  // What was told by its place may hold a user's name, or several values.
  if (kind === "url-credentials") return spellings(secret.slice(secret.indexOf(":") + 1)).filter(isTelling);
  if (kind === "cookie") {
    return secret
      .split(/;\s*/)
      .map((pair) => pair.slice(pair.indexOf("=") + 1))
      .filter(looksRandom);
  }
  const value = secret.trim();
  return BY_NAME.has(kind) && !isTelling(value) ? [] : spellings(value);
}

/** Letters and digits, or signs, that no word, path or digest is made of. */
function isTelling(value: string): boolean {
  if (HASH.test(value) || PATH.test(value) || /\s/.test(value) || isMadeOfWords(value)) return false;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(value)).length;
  return kinds >= 3 || (kinds === 2 && /\d/.test(value) && /[A-Za-z]/.test(value));
}

function spellings(value: string): string[] {
  return [...new Set([value, decoded(value), encodeURIComponent(value), JSON.stringify(value).slice(1, -1)])];
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function keyLines(block: string): string[] {
  const lines = block
    .split(/\r?\n|(?:\\+r)?\\+n/)
    .map((line) => withoutBreaks(line).replace(/^[ \t+]+|[ \t\\]+$/g, ""));
  return lines.filter((line) => line.length >= SHORTEST_KEY_LINE && /^[A-Za-z0-9+/=]+$/.test(line));
}
