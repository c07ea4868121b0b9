// Secrets in percent-encoded text: `Authorization%3A%20Bearer%20…`, a whole private key as one URL parameter.
import { splitAtPlaceholders } from "./placeholder.ts";

/** Encoded and unreserved characters, without the delimiters of URL parameters. */
const RUN = /(?:[A-Za-z0-9._~!*'()+-]|%[0-9A-Fa-f]{2})+/g;
const ENCODED = /%[0-9A-Fa-f]{2}/g;

/**
 * Decodes each percent-encoded run, redacts it, and encodes it again. Each byte is decoded to one character, so that the
 * rest is unchanged even if it is not valid UTF-8.
 */
export function redactEncoded(text: string, redact: (decoded: string) => string): string {
  return text.replace(RUN, (run) => {
    if (!run.includes("%")) return run;
    const decoded = run.replace(ENCODED, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));
    const redacted = redact(decoded);
    if (redacted === decoded) return run;
    const pieces = splitAtPlaceholders(redacted);
    return pieces.map((piece, index) => (index % 2 === 1 ? piece : encode(piece))).join("");
  });
}

function encode(text: string): string {
  return text.replace(/[^A-Za-z0-9._~!*'()+-]/g, (character) => {
    const code = character.charCodeAt(0);
    return code > 255 ? encodeURIComponent(character) : `%${code.toString(16).toUpperCase().padStart(2, "0")}`;
  });
}
