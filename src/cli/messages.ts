// What the program says to the person, on standard error: data alone goes to standard output.
import { type ConsolaInstance, createConsola, type LogObject, type LogType } from "consola/core";
import type { Environment } from "../system/paths.ts";
import { writeStderr } from "../system/stderr.ts";
import { type Paint, painter } from "./color.ts";
import { visible } from "./visible.ts";

export type Verbosity = "quiet" | "normal" | "verbose";

/** The highest consola level that is printed: errors; information; debugging. */
const LEVEL = { quiet: 0, normal: 3, verbose: 4 } as const;

const PREFIX: Partial<Record<LogType, { word: string; style: Parameters<Paint>[0] }>> = {
  error: { word: "error", style: "red" },
  warn: { word: "warning", style: "yellow" },
  debug: { word: "debug", style: "gray" },
};

/**
 * consola with a reporter of our own. Its stock reporters send information to standard output; its defaults drop it
 * under NODE_ENV=test and fold repeated lines into one, a second late.
 */
export function createMessages(isTerminal: boolean, env: Environment, verbosity: Verbosity): ConsolaInstance {
  const paint = painter(isTerminal, env);
  return createConsola({
    level: LEVEL[verbosity],
    throttle: 0,
    reporters: [{ log: (entry) => writeStderr(`${renderMessage(entry, paint)}\n`) }],
  });
}

/** A name with a line feed in it begins no message of its own. */
function unforged(text: string): string {
  return text
    .replace(/`[^`]*`/g, (name) => name.replaceAll("\n", "\ufffd"))
    .replace(/\n(?=(?:error|warning|hint|debug):)/g, "\n  ");
}

/** An error's second argument is its hint: what to do next. */
function renderMessage(entry: LogObject, paint: Paint): string {
  const [text = "", hint] = entry.args.map((part) => unforged(visible(String(part))));
  const prefix = PREFIX[entry.type];
  const line = prefix === undefined ? text : `${paint(prefix.style, `${prefix.word}:`)} ${text}`;
  return hint === undefined ? line : `${line}\n\n${paint("cyan", "hint:")} ${hint}`;
}
