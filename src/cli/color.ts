import type { Environment } from "../system/paths.ts";

/** Whether to colour a stream: https://no-color.org first, https://bixense.com/clicolors second, else terminals only. */
export function wantsColor(isTerminal: boolean, env: Environment): boolean {
  if (env.NO_COLOR) return false;
  if (env.CLICOLOR_FORCE && env.CLICOLOR_FORCE !== "0") return true;
  return isTerminal && env.TERM !== "dumb" && env.CLICOLOR !== "0";
}

/** Codes that switch a style on and off. `node:util` has them too, at the price of half a short run. */
const CODES = { bold: [1, 22], red: [31, 39], yellow: [33, 39], cyan: [36, 39], gray: [90, 39] } as const;

export type Paint = (style: keyof typeof CODES, text: string) => string;

/** A painter for one stream; plain text where colour is not wanted. */
export function painter(isTerminal: boolean, env: Environment): Paint {
  if (!wantsColor(isTerminal, env)) return (_style, text) => text;
  return (style, text) => `\u001b[${CODES[style][0]}m${text}\u001b[${CODES[style][1]}m`;
}
