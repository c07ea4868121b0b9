// Renders one event, or the outcome of a turn, as a block of Markdown.
import type { CommandEvent, EditEvent, FileChange, RewindEvent, SessionEvent, ToolEvent } from "../../events/event.ts";
import { cutText, lastLines, plainLine, sliceWhole } from "../../evidence/plain-text.ts";
import { shortPath, statusOf } from "../blocks/block.ts";
import { VERBS } from "../blocks/edit.ts";
import { readPlan } from "../blocks/plan.ts";
import { countDiff, readDiff, readNewFile } from "../diff.ts";
import { formatDuration, plural } from "../html/format.ts";
import type { RepositoryLinks } from "../repository-links.ts";
import type { TurnFacts } from "../turn.ts";
import { fenced, inlineCode, plainWords, prose, quoted } from "./escape.ts";

/** Limits in characters. They are low because the reader of a pull request wants an overview. */
const MAX = { prompt: 6_000, reply: 8_000, command: 1_500, diff: 5_000, input: 1_000, line: 300, name: 200 };
const TAIL = { lines: 20, characters: 2_000 };
/** The limit of all diffs of one edit together, in characters. */
const MAX_TOTAL = 12_000;
const MAX_CHANGES = 20;

/** The block of an event; null for one that is not shown. Texts must have been redacted. */
export function renderBlock(event: SessionEvent, cwd: string | null): string | null {
  switch (event.kind) {
    case "prompt":
      return paragraphs([
        event.agent !== null && "*Task for a subagent:*",
        event.text.trim() !== "" && quoted(cutText(event.text, MAX.prompt)),
        event.images.length > 0 && `*with ${plural(event.images.length, "image")}*`,
      ]);
    case "reply":
      if (event.text.trim() === "") return null;
      return paragraphs([event.agent !== null && "*Subagent's answer:*", prose(cutText(event.text, MAX.reply))]);
    case "command":
      return renderCommand(event, cwd);
    case "edit":
      return renderEdit(event, cwd);
    case "tool":
      return renderTool(event);
    case "search":
      return `searched the web for ${inlineCode(cutText(event.query, MAX.line))}`;
    case "compaction":
      return "*earlier history was summarized*";
    case "rewind":
      return renderRewind(event, cwd);
    case "model":
      return `*model changed to ${plainWords(event.model)}*`;
    case "notice":
      return `${event.level === "error" ? "**error:** " : "*notice:* "}${inlineCode(plainLine(event.text, MAX.line))}`;
    case "thinking":
    case "usage":
      return null;
  }
}

/** Joins blocks with an empty line between them. */
export function paragraphs(parts: readonly (string | null | false)[]): string {
  return parts.filter((part) => part !== null && part !== false && part !== "").join("\n\n");
}

function renderCommand({ command, outcome, exitCode, durationMs, output }: CommandEvent, cwd: string | null): string {
  const { text, good } = statusOf(outcome, exitCode);
  const took = durationMs === null ? "" : `, ${formatDuration(durationMs)}`;
  return paragraphs([
    fenced(cutText(withoutChangeTo(cwd, command), MAX.command), "sh"),
    `${good === false ? `**${text}**` : text}${took}`,
    good === false && tailOf(output),
  ]);
}

/** Removes a leading `cd` to the session's working directory. */
function withoutChangeTo(cwd: string | null, command: string): string {
  const prefix = [`cd ${cwd} && `, "cd . && "].find((words) => command.startsWith(words)) ?? "";
  return command.slice(prefix.length);
}

function renderEdit({ changes, outcome, error }: EditEvent, cwd: string | null): string {
  const { text, good } = statusOf(outcome);
  let room = MAX_TOTAL;
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
    isCut && (room > 0 ? "*rest of the diff omitted*" : "*diff omitted*"),
  ]);
}

function wholeLines(text: string, length: number): string {
  const end = text.lastIndexOf("\n", length);
  return end <= 0 ? sliceWhole(text, length) : text.slice(0, end);
}

function renderRewind({ prompt, restored }: RewindEvent, cwd: string | null): string {
  if (prompt !== null) return `*went back to the state before prompt ${prompt}*`;
  const names = restored.slice(0, MAX_CHANGES).map((path) => inlineCode(shortPath(path, cwd)));
  const more = restored.length > MAX_CHANGES ? `, and ${plural(restored.length - MAX_CHANGES, "more file")}` : "";
  return `*files restored to their state before the session's edits:* ${names.join(", ")}${more}`;
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

/** The last lines of an output, in a closed box. */
function tailOf(output: string): string | null {
  const tail = lastLines(output, TAIL.lines, TAIL.characters);
  if (tail.trim() === "") return null;
  return `<details><summary>last lines of output</summary>\n\n${fenced(tail, "text")}\n\n</details>`;
}

const TEST_MARKS = { pass: "✓", fail: "✗", unknown: "?" } as const;

/** A list of the files, tests and commits of a turn; empty if it has none. */
export function renderOutcome({ files, tests, commits }: TurnFacts, links: RepositoryLinks | null): string {
  const runs = tests.runs.map(({ cmd, result }) => `${TEST_MARKS[result]} ${shortCode(cmd)}`);
  const made = commits.made.map(({ hash, message }) => {
    return `${linkOf(hash, links)} ${plainWords(message.slice(0, MAX.name))}`;
  });
  const lines = [
    listOf("files", files.names.map(shortCode), files.count),
    listOf("tests", runs, tests.count),
    listOf("commits", made, commits.count),
  ];
  return lines.filter((line) => line !== null).join("\n");
}

function listOf(name: string, shown: readonly string[], count: number): string | null {
  if (count === 0) return null;
  const rest = count > shown.length ? `, and ${count - shown.length} more` : "";
  return `- ${name}: ${shown.join(", ")}${rest}`;
}

function linkOf(hash: string, links: RepositoryLinks | null): string {
  const short = shortCode(hash.slice(0, 10));
  return links === null ? short : `[${short}](${links.commit(hash)})`;
}

function shortCode(text: string): string {
  return inlineCode(text.slice(0, MAX.name));
}
