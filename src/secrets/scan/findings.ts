// Findings of `ctx scan`, masked so that the report does not reveal the secrets.
import { redact } from "../redact.ts";

export interface Finding {
  file: string;
  /** From 1. */
  line: number;
  kind: string;
  /** The first characters of the secret, and its length. */
  masked: string;
}

/** Shorter secrets show no characters. */
const MIN_SHOWN = 16;
const SHOWN = 4;

/** The secrets in a line of a file. */
export function findInLine(file: string, line: number, text: string): Finding[] {
  const findings: Finding[] = [];
  redact(text, (kind, secret) => {
    // Matches the END line of a private key whose BEGIN line came earlier.
    if (kind === "private-key" && !secret.includes("BEGIN")) return;
    findings.push({ file, line, kind, masked: mask(secret) });
  });
  return findings;
}

function mask(secret: string): string {
  const shown = secret.length >= MIN_SHOWN ? secret.slice(0, SHOWN).replace(/[^ -~]/g, "?") : "";
  return `${shown}… (${secret.length} characters)`;
}

/** Whether a file is binary, as git decides it: by a NUL near the beginning. */
export function isBinary(start: string): boolean {
  return start.slice(0, 8_000).includes("\0");
}
