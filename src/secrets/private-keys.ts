// Private key blocks, complete or cut off at either end.
import { placeholder } from "./placeholder.ts";
import type { SecretHandler } from "./replace-secrets.ts";

const MARKER = /-----(BEGIN|END) [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
/** The characters of a key's body, also inside a string with `\n`. */
const BODY = /[A-Za-z0-9+/=\s\\]/;
const KIND = "private-key";

interface Span {
  from: number;
  to: number;
}

/** Replaces each private key block; of one that is cut off, everything that may belong to it. */
export function redactPrivateKeys(text: string, onSecret: SecretHandler): string {
  let result = "";
  let at = 0;
  for (const { from, to } of findBlocks(text)) {
    onSecret(KIND, text.slice(from, to));
    result += text.slice(at, from) + placeholder(KIND);
    at = to;
  }
  return result + text.slice(at);
}

function findBlocks(text: string): Span[] {
  const spans: Span[] = [];
  let open: { from: number; bodyFrom: number } | null = null;
  let free = 0;
  const close = (to: number) => {
    if (open === null) return;
    spans.push({ from: open.from, to });
    free = to;
    open = null;
  };
  for (const marker of text.matchAll(MARKER)) {
    const end = marker.index + marker[0].length;
    if (marker[1] === "BEGIN") {
      if (open !== null) close(bodyEnd(text, open.bodyFrom, marker.index));
      open = { from: marker.index, bodyFrom: end };
    } else if (open !== null) {
      close(end);
    } else {
      spans.push({ from: bodyStart(text, free, marker.index), to: end });
      free = end;
    }
  }
  if (open !== null) close(bodyEnd(text, open.bodyFrom, text.length));
  return spans;
}

function bodyEnd(text: string, from: number, limit: number): number {
  let to = from;
  while (to < limit && BODY.test(text.charAt(to))) to++;
  return to;
}

function bodyStart(text: string, limit: number, to: number): number {
  let from = to;
  while (from > limit && BODY.test(text.charAt(from - 1))) from--;
  return from;
}
