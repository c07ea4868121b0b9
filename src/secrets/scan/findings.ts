// What a scan finds, fit to be shown: a report of secrets must not be one more place where they are.
import { redact } from "../redact.ts";

export interface Finding {
  file: string;
  /** From one on. */
  line: number;
  kind: string;
  /** How the secret begins, and how long it is. */
  masked: string;
}

/** Of shorter ones not even the beginning is told. */
const SHORTEST_SHOWN = 16;
const SHOWN = 4;

/** The secrets in a line of a file. */
export function findInLine(file: string, line: number, text: string): Finding[] {
  const findings: Finding[] = [];
  redact(text, (kind, secret) => {
    // The last line of a private key that began above.
    if (kind === "private-key" && !secret.includes("BEGIN")) return;
    findings.push({ file, line, kind, masked: mask(secret) });
  });
  return findings;
}

function mask(secret: string): string {
  const shown = secret.length >= SHORTEST_SHOWN ? secret.slice(0, SHOWN).replace(/[^ -~]/g, "?") : "";
  return `${shown}… (${secret.length} characters)`;
}

/** As git tells text from what is none: by a zero byte near the beginning. */
export function isBinary(start: string): boolean {
  return start.slice(0, 8_000).includes("\0");
}
