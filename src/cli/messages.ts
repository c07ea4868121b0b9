// Messages for the user, on standard error; standard output is for results only.
import { type ConsolaInstance, createConsola, type LogObject, type LogType } from "consola/core";
import type { Environment } from "../system/paths.ts";
import { writeStderr } from "../system/stderr.ts";
import { type Paint, painter } from "./terminal.ts";
import { escapeControls } from "./terminal-escape.ts";

export type Verbosity = "quiet" | "normal" | "verbose";

/** The highest consola level that is printed: 0 errors, 3 information, 4 debugging. */
const LEVEL = { quiet: 0, normal: 3, verbose: 4 } as const;

const PREFIX: Partial<Record<LogType, { word: string; style: Parameters<Paint>[0] }>> = {
  error: { word: "error", style: "red" },
  warn: { word: "warning", style: "yellow" },
  debug: { word: "debug", style: "gray" },
};

/** The warning after `--no-redact`. The pages were not searched, so it does not say that they contain secrets. */
export const NOT_REDACTED = "secrets were not removed from the pages: do not share them";

/**
 * A consola with its own reporter. The stock reporters print information on standard output; the defaults drop it
 * under NODE_ENV=test, and fold repeated lines into one, a second late.
 */
export function createMessages(isTerminal: boolean, env: Environment, verbosity: Verbosity): ConsolaInstance {
  const paint = painter(isTerminal, env);
  return createConsola({
    level: LEVEL[verbosity],
    throttle: 0,
    reporters: [{ log: (entry) => writeStderr(`${renderMessage(entry, paint)}\n`) }],
  });
}

/**
 * Replaces line feeds in names, and indents lines that start like a message: neither must look like another message.
 */
function unforged(text: string): string {
  return text
    .replace(/`[^`]*`/g, (name) => name.replaceAll("\n", "\ufffd"))
    .replace(/\n(?=(?:error|warning|hint|debug):)/g, "\n  ");
}

/** The second argument of an error is its hint. */
function renderMessage(entry: LogObject, paint: Paint): string {
  const [text = "", hint] = entry.args.map((part) => unforged(escapeControls(String(part))));
  const prefix = PREFIX[entry.type];
  const line = prefix === undefined ? text : `${paint(prefix.style, `${prefix.word}:`)} ${text}`;
  return hint === undefined ? line : `${line}\n\n${paint("cyan", "hint:")} ${hint}`;
}
