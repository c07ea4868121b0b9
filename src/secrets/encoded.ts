// Secrets that are written for an address: `Authorization%3A%20Bearer%20…`, a whole private key as one parameter.
import { splitAtPlaceholders } from "./placeholder.ts";

/** What an encoder leaves as it is, and what it writes for the rest. The bounds of a parameter are not in it. */
const RUN = /(?:[A-Za-z0-9._~!*'()+-]|%[0-9A-Fa-f]{2})+/g;
const ENCODED = /%[0-9A-Fa-f]{2}/g;

/**
 * Replaces what is to be taken out of each percent-encoded run, which is read decoded. Bytes are decoded one by one, so
 * that the rest comes back as it was, valid or not.
 */
export function redactEncoded(text: string, redact: (decoded: string) => string): string {
  return text.replace(RUN, (run) => {
    if (!run.includes("%")) return run;
    const decoded = run.replace(ENCODED, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));
    const done = redact(decoded);
    if (done === decoded) return run;
    const pieces = splitAtPlaceholders(done);
    return pieces.map((piece, index) => (index % 2 === 1 ? piece : encode(piece))).join("");
  });
}

function encode(text: string): string {
  return text.replace(/[^A-Za-z0-9._~!*'()+-]/g, (character) => {
    const code = character.charCodeAt(0);
    return code > 255 ? encodeURIComponent(character) : `%${code.toString(16).toUpperCase().padStart(2, "0")}`;
  });
}
