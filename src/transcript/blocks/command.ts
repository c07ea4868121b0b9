// A shell command: what was run, how it ended, and what it printed.
import type { CommandEvent, Outcome } from "../../events/event.ts";
import { plural } from "../html/format.ts";
import { type Html, html } from "../html/template.ts";
import { terminalText } from "../html/terminal-text.ts";
import { type BlockContext, block, type Status, shortPath } from "./block.ts";
import { countLines, longText } from "./text.ts";

/** Output of so many lines is shown without being asked for. */
const SHORT_LINES = 12;

const OUTCOMES: Record<Outcome, Status> = {
  ok: { text: "ok", good: true },
  failed: { text: "failed", good: false },
  refused: { text: "refused, never ran", good: false },
  interrupted: { text: "interrupted", good: false },
  running: { text: "still running", good: null },
  unknown: { text: "ended, nobody knows how", good: null },
};

export function renderCommand(event: CommandEvent, context: BlockContext): Html {
  const { command, cwd, output, outcome, exitCode, startedAt, at, durationMs } = event;
  return block(context, {
    kind: "command",
    title: cwd !== null && cwd !== context.cwd && html`in <code>${shortPath(cwd, context.cwd)}</code>`,
    at: startedAt ?? at,
    durationMs,
    status: exitCode === null ? statusOf(outcome) : { text: `exit ${exitCode}`, good: exitCode === 0 },
    body: html`<div class="source">${longText(context, "command", command, (text) => text)}</div>${
      output !== "" && renderOutput(context, output, outcome === "failed")
    }`,
  });
}

export function statusOf(outcome: Outcome): Status {
  return OUTCOMES[outcome];
}

/** Output in a box that opens; open already when it is short or tells why something failed. */
export function renderOutput(context: BlockContext, output: string, isWanted: boolean): Html {
  const lines = countLines(output);
  const open = isWanted || lines <= SHORT_LINES ? html` open` : null;
  return html`<details class="output"${open}><summary>output, ${plural(lines, "line")}</summary>${longText(
    context,
    "output",
    output,
    terminalText,
  )}</details>`;
}
