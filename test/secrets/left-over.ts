// Finds parts of a secret that remain in a text.

/**
 * The first eight consecutive characters of a secret, in any encoding, that occur in a text; null if none do. Those in
 * `around` are ignored.
 */
export function leftOver(secret: string, text: string, around = ""): string | null {
  for (const part of formsOf(secret)) {
    for (let at = 0; at + 8 <= part.length; at++) {
      const eight = part.slice(at, at + 8);
      if (has(text, eight) && !around.includes(eight)) return eight;
    }
  }
  return null;
}

const LONG = 10_000;
let known = { text: "", eights: new Set<string>() };

/** Caches the substrings of a long text in which many secrets are searched in turn. */
function has(text: string, eight: string): boolean {
  if (text.length < LONG) return text.includes(eight);
  if (known.text !== text) {
    known = { text, eights: new Set(Array.from({ length: text.length }, (_, at) => text.slice(at, at + 8))) };
  }
  return known.eights.has(eight);
}

function formsOf(secret: string): string[] {
  const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
  // The first and last line of a key are not secret.
  return forms.flatMap((form) => form.split(/\n|\\n|%0A/)).filter((line) => !line.startsWith("-----"));
}
