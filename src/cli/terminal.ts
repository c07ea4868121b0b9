// What the streams lead to.
import { fstatSync } from "node:fs";
import type { Environment } from "../system/paths.ts";
import { painter } from "./color.ts";
import type { HelpStyle } from "./help.ts";

const DESCRIPTOR = { stdin: 0, stdout: 1, stderr: 2 } as const;
export type Stream = "stdout" | "stderr";

/** `node:tty` is slow to load and needed only for a device; a script's pipes and files are told apart without it. */
export function isTerminal(stream: keyof typeof DESCRIPTOR): boolean {
  const descriptor = DESCRIPTOR[stream];
  try {
    return fstatSync(descriptor).isCharacterDevice() && process.getBuiltinModule("node:tty").isatty(descriptor);
  } catch {
    // A closed descriptor is none.
    return false;
  }
}

/** How a page of text should look on a stream; its width is the terminal's, within reason. */
export function pageStyle(stream: Stream, env: Environment): HelpStyle {
  const terminal = isTerminal(stream);
  const columns = Number(env.COLUMNS) || (terminal ? process[stream].columns : 80);
  return { paint: painter(terminal, env), columns: Math.min(Math.max(columns, 40), 100) };
}
