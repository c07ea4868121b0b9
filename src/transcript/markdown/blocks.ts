// One event, one block of Markdown. Only what failed shows what it printed.

import type {
  CommandEvent,
  EditEvent,
  FileChange,
  ReplyEvent,
  RewindEvent,
  SessionEvent,
  ToolEvent,
} from "../../events/event.ts";
import { cutText, lastLines, plainLine, sliceWhole } from "../../evidence/plain-text.ts";
import { shortPath } from "../blocks/block.ts";
import { statusOf } from "../blocks/command.ts";
import { VERBS } from "../blocks/edit.ts";
import { readPlan } from "../blocks/plan.ts";
import { countDiff, readDiff, readNewFile } from "../diff.ts";
import { formatDuration, plural } from "../html/format.ts";
import { fenced, inlineCode, plainWords, prose, quoted } from "./escape.ts";

/** Bounds of single texts, in characters: a reader of a pull request wants the whole before the details. */
const MAX = { prompt: 6_000, reply: 8_000, command: 1_500, diff: 5_000, input: 1_000, line: 300 };
const TAIL = { lines: 20, characters: 2_000 };
/** What the changes of one edit may show together. */
const MAX_TOGETHER = 12_000;
const MAX_CHANGES = 20;

/** The block of an event; null for one that is left out. Texts must have been redacted. */
export function renderBlock(event: SessionEvent, cwd: string | null): string | null {
  switch (event.kind) {
    case "prompt":
      return paragraphs([
        event.agent !== null && "*A subagent was told:*",
        event.text.trim() !== "" && quoted(cutText(event.text, MAX.prompt)),
        event.images.length > 0 && `*with ${plural(event.images.length, "image")}*`,
      ]);
    case "reply":
      return event.text.trim() === "" ? null : renderReply(event);
    case "command":
      return renderCommand(event, cwd);
    case "edit":
      return renderEdit(event, cwd);
    case "tool":
      return renderTool(event);
    case "search":
      return `searched the web for ${inlineCode(cutText(event.query, MAX.line))}`;
    case "compaction":
      return "*the history before was summarised to make room*";
    case "rewind":
      return renderRewind(event, cwd);
    case "model":
      return `*model from here on: ${plainWords(event.model)}*`;
    case "notice":
      return `${event.level === "error" ? "**error:** " : "*notice:* "}${inlineCode(plainLine(event.text, MAX.line))}`;
    case "thinking":
    case "usage":
      return null;
  }
}

/** Blocks with an empty line between them. */
export function paragraphs(parts: readonly (string | null | false)[]): string {
  return parts.filter((part) => part !== null && part !== false && part !== "").join("\n\n");
}

function renderReply({ text, agent }: ReplyEvent): string {
  return paragraphs([agent !== null && "*The subagent answered:*", prose(cutText(text, MAX.reply))]);
}

function renderCommand({ command, outcome, exitCode, durationMs, output }: CommandEvent, cwd: string | null): string {
  const status = exitCode === null ? statusOf(outcome).text : `exit ${exitCode}`;
  const isGood = exitCode === null ? statusOf(outcome).good !== false : exitCode === 0;
  const took = durationMs === null ? "" : `, ${formatDuration(durationMs)}`;
  return paragraphs([
    fenced(cutText(withoutFolder(command, cwd), MAX.command), "sh"),
    `${isGood ? status : `**${status}**`}${took}`,
    !isGood && tailOf(output),
  ]);
}

/** Changing to where the session is tells the reader nothing. */
function withoutFolder(command: string, cwd: string | null): string {
  const prefix = [`cd ${cwd} && `, "cd . && "].find((words) => command.startsWith(words)) ?? "";
  return command.slice(prefix.length);
}

function renderEdit({ changes, outcome, error }: EditEvent, cwd: string | null): string {
  const { text, good } = statusOf(outcome);
  let room = MAX_TOGETHER;
  const shown = changes.slice(0, MAX_CHANGES).map((change) => {
    const block = renderChange(change, Math.min(MAX.diff, room), cwd);
    room = Math.max(0, room - block.length);
    return block;
  });
  return paragraphs([
    good === false && `**edit ${text}**`,
    error !== null && tailOf(error),
    ...shown,
    changes.length > MAX_CHANGES && `*and ${plural(changes.length - MAX_CHANGES, "more file")}*`,
  ]);
}

function renderChange({ type, path, movedTo, diff }: FileChange, room: number, cwd: string | null): string {
  const name = inlineCode(shortPath(path, cwd));
  const moved = movedTo === null ? "" : ` → ${inlineCode(shortPath(movedTo, cwd))}`;
  if (diff === null || diff === "") return `**${VERBS[type]}** ${name}${moved}`;
  const lines = type === "add" ? readNewFile(diff) : readDiff(diff);
  const { added, removed } = countDiff(lines);
  const text = type === "add" ? lines.map((line) => `+${line.text}`).join("\n") : diff;
  const isCut = text.length > room;
  return paragraphs([
    `**${VERBS[type]}** ${name}${moved} +${added} −${removed}`,
    (!isCut || room > 0) && fenced(isCut ? wholeLines(text, room) : text, "diff"),
    isCut && (room > 0 ? "*the rest of it is left out*" : "*the change itself is left out*"),
  ]);
}

function wholeLines(text: string, length: number): string {
  const end = text.lastIndexOf("\n", length);
  return end <= 0 ? sliceWhole(text, length) : text.slice(0, end);
}

function renderRewind({ prompt, restored }: RewindEvent, cwd: string | null): string {
  if (prompt !== null) return `*back to before prompt ${prompt}*`;
  const names = restored.slice(0, MAX_CHANGES).map((path) => inlineCode(shortPath(path, cwd)));
  const more = restored.length > MAX_CHANGES ? `, and ${plural(restored.length - MAX_CHANGES, "more file")}` : "";
  return `*as before the session's edits:* ${names.join(", ")}${more}`;
}

function renderTool(event: ToolEvent): string {
  const { name, input, outcome, output } = event;
  const plan = readPlan(event);
  if (plan !== null) {
    const steps = plan.steps.map(
      ({ step, status }) => `- [${status === "completed" ? "x" : " "}] ${plainWords(cutText(step, MAX.line))}`,
    );
    return paragraphs([plan.explanation && plainWords(cutText(plan.explanation, MAX.line)), steps.join("\n")]);
  }
  const text = typeof input === "string" ? input : JSON.stringify(input, null, 2);
  const { text: status, good } = statusOf(outcome);
  return paragraphs([
    `tool ${inlineCode(name)}${good === false ? `, **${status}**` : ""}`,
    text !== undefined && text !== "{}" && text !== "" && fenced(cutText(text, MAX.input), "json"),
    good === false && tailOf(output),
  ]);
}

/** The last lines of what was printed, in a box that opens. */
function tailOf(output: string): string | null {
  const tail = lastLines(output, TAIL.lines, TAIL.characters);
  if (tail.trim() === "") return null;
  return `<details><summary>the end of what it printed</summary>\n\n${fenced(tail, "text")}\n\n</details>`;
}
