// Whether a stream is a terminal, how wide it is and whether it shows color.
import { fstatSync } from "node:fs";
import type { Environment } from "../system/paths.ts";

const DESCRIPTOR = { stdin: 0, stdout: 1, stderr: 2 } as const;
/** Codes that switch a style on and off. Loading them from `node:util` would double the time of a short command. */
const CODES = { bold: [1, 22], red: [31, 39], yellow: [33, 39], cyan: [36, 39], gray: [90, 39] } as const;

export type Paint = (style: keyof typeof CODES, text: string) => string;

export interface PageStyle {
  paint: Paint;
  columns: number;
}

/** `node:tty` is slow to load and needed only for a device, which a script's pipes and files are not. */
export function isTerminal(stream: keyof typeof DESCRIPTOR): boolean {
  const descriptor = DESCRIPTOR[stream];
  try {
    return fstatSync(descriptor).isCharacterDevice() && process.getBuiltinModule("node:tty").isatty(descriptor);
  } catch {
    // The descriptor is closed.
    return false;
  }
}

/** How a page of text looks on a stream: as wide as the terminal, from 40 to 100 columns. */
export function pageStyle(stream: "stdout" | "stderr", env: Environment): PageStyle {
  const terminal = isTerminal(stream);
  const columns = Number(env.COLUMNS) || (terminal ? process[stream].columns : 80);
  return { paint: painter(terminal, env), columns: Math.min(Math.max(columns, 40), 100) };
}

/**
 * Whether to color a stream. https://no-color.org takes precedence over https://bixense.com/clicolors; without their
 * variables only terminals are colored.
 */
export function wantsColor(isTerminal: boolean, env: Environment): boolean {
  if (env.NO_COLOR) return false;
  if (env.CLICOLOR_FORCE && env.CLICOLOR_FORCE !== "0") return true;
  return isTerminal && env.TERM !== "dumb" && env.CLICOLOR !== "0";
}

/** Colors text for one stream, if color is wanted. */
export function painter(isTerminal: boolean, env: Environment): Paint {
  if (!wantsColor(isTerminal, env)) return (_style, text) => text;
  return (style, text) => `\u001b[${CODES[style][0]}m${text}\u001b[${CODES[style][1]}m`;
}
