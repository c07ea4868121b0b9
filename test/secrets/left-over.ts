// What of a secret is still to be seen in a text.

/** The first eight characters in a row that are left of a secret, in any form it may be written in; null when none are. */
export function leftOver(secret: string, text: string): string | null {
  for (const part of formsOf(secret)) {
    for (let at = 0; at + 8 <= part.length; at++) {
      const eight = part.slice(at, at + 8);
      if (text.includes(eight)) return eight;
    }
  }
  return null;
}

function formsOf(secret: string): string[] {
  const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
  // The first and last line of a key are no secret.
  return forms.flatMap((form) => form.split(/\n|\\n|%0A/)).filter((line) => !line.startsWith("-----"));
}
