// The debug log on standard error, which `CTX_DEBUG=1` turns on: what was decided, and why.
import { writeStderr } from "./stderr.ts";

const MAX_LENGTH = 1_000;

const { CTX_DEBUG: setting = "" } = process.env;
const isOn = setting !== "" && setting !== "0";

/**
 * Prints one line: the milliseconds since the program started, the area, the decision. A message may contain paths, ids
 * and names of rules and commands, but no prompt, no output and no value of a variable.
 */
export function debug(area: string, message: () => string): void {
  if (!isOn) return;
  const elapsed = performance.now().toFixed(0).padStart(5);
  writeStderr(`[${elapsed} ms] ${area}: ${oneLine(message())}\n`);
}

function oneLine(text: string): string {
  const short = text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
  return short.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
