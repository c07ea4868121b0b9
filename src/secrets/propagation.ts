// Which values of a secret are redacted everywhere in its session. A password that is a plain word is not: that would
// redact the word in every sentence.
import { isMostlyWords, looksRandom } from "./entropy.ts";
import { unwrap } from "./wrapped-lines.ts";

/** Kinds that were recognized by a name: the value itself may be an ordinary word. */
const BY_NAME = new Set(["password", "token", "secret", "api-key", "credentials", "signature", "authorization"]);
const HASH = /^(?:[0-9a-f]{7,128}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|sha\d{1,3}[-:].*)$/i;
const PATH = /^(?:~|\.{1,2})?\/|:\/\/|^[A-Za-z]:\\/;
const MIN_KEY_LINE = 32;

/** The values to search for in the rest of the session after a secret was found, in each encoding. */
export function valuesToPropagate(kind: string, secret: string): string[] {
  if (kind === "private-key") return keyLines(secret);
  // A secret of these two kinds may contain a user name or several values.
  if (kind === "url-credentials") return spellings(secret.slice(secret.indexOf(":") + 1)).filter(isDistinctive);
  if (kind === "cookie") {
    return secret
      .split(/;\s*/)
      .map((pair) => pair.slice(pair.indexOf("=") + 1))
      .filter(looksRandom);
  }
  const value = secret.trim();
  return BY_NAME.has(kind) && !isDistinctive(value) ? [] : spellings(value);
}

/** Whether a value mixes kinds of characters in a way that words, paths and digests do not. */
function isDistinctive(value: string): boolean {
  if (HASH.test(value) || PATH.test(value) || /\s/.test(value) || isMostlyWords(value)) return false;
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
  const lines = block.split(/\r?\n|(?:\\+r)?\\+n/).map((line) => unwrap(line).replace(/^[ \t+]+|[ \t\\]+$/g, ""));
  return lines.filter((line) => line.length >= MIN_KEY_LINE && /^[A-Za-z0-9+/=]+$/.test(line));
}
