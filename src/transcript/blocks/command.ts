import type { CommandEvent } from "../../events/event.ts";
import { plural } from "../html/format.ts";
import { type Html, html } from "../html/template.ts";
import { terminalText } from "../html/terminal-text.ts";
import { type BlockContext, block, shortPath, statusOf } from "./block.ts";
import { countLines, longText } from "./text.ts";

/** Output of at most this many lines is expanded. */
const SHORT_LINES = 12;

/** A shell command with its status and output. */
export function renderCommand(event: CommandEvent, context: BlockContext): Html {
  const { command, cwd, output, outcome, exitCode, startedAt, at, durationMs } = event;
  return block(context, {
    kind: "command",
    title: cwd !== null && cwd !== context.cwd && html`in <code>${shortPath(cwd, context.cwd)}</code>`,
    at: startedAt ?? at,
    durationMs,
    status: statusOf(outcome, exitCode),
    body: html`<div class="source">${longText(context, "command", command)}</div>${
      output !== "" && renderOutput(context, output, outcome === "failed")
    }`,
  });
}

/** Output in a box, expanded if it is short or explains a failure. */
export function renderOutput(context: BlockContext, output: string, isFailure: boolean): Html {
  const lines = countLines(output);
  const open = isFailure || lines <= SHORT_LINES ? html` open` : null;
  return html`<details class="output"${open}><summary>output, ${plural(lines, "line")}</summary>${longText(
    context,
    "output",
    output,
    terminalText,
  )}</details>`;
}
