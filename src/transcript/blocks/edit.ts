// A structured edit: each file with what was changed in it, line by line.
import type { EditEvent, FileChange } from "../../events/event.ts";
import { countDiff, type DiffLine, readDiff, readNewFile } from "../diff.ts";
import { plural } from "../html/format.ts";
import { type Html, html, visibleText } from "../html/template.ts";
import { type BlockContext, block, shortPath } from "./block.ts";
import { statusOf } from "./command.ts";
import { longText } from "./text.ts";

/** What of one change stays on the page: a diff of more lines, or longer ones, goes on in a file beside it. */
const MAX_LINES = 400;
const MAX_LINE = 2_000;
const MAX_CHARACTERS = 60_000;
/** What all changes of one edit together may show, in characters of markup. */
const MAX_TOGETHER = 150_000;
const MAX_CHANGES = 100;
/** A diff of so many lines is shown without being asked for. */
const SHORT_LINES = 80;

export const VERBS = { add: "new file", update: "changed", delete: "deleted" } as const;
const MARKS = { added: "+", removed: "-", context: " " } as const;

export function renderEdit(event: EditEvent, context: BlockContext): Html {
  const { changes, at, outcome, error } = event;
  const room = { left: MAX_TOGETHER };
  return block(context, {
    kind: "edit",
    title: plural(changes.length, "file"),
    at,
    status: statusOf(outcome),
    body: html`${error !== null && html`<div class="error">${longText(context, "error", error, (part) => part)}</div>`}${changes
      .slice(0, MAX_CHANGES)
      .map((change, index) =>
        renderChange(change, index, room, context),
      )}${renderMore(changes.slice(MAX_CHANGES), context)}`,
  });
}

function renderChange(change: FileChange, index: number, room: Room, context: BlockContext): Html {
  const { type, path, movedTo, diff } = change;
  const code = (path: string) =>
    context.searchText.add(html`<code class="path">${shortPath(path, context.cwd)}</code>`);
  const name = html`${code(path)}${movedTo !== null && html` → ${code(movedTo)}`}`;
  if (diff === null || diff === "") return html`<p class="file">${name} <span class="verb">${VERBS[type]}</span></p>`;
  const lines = type === "add" ? readNewFile(diff) : readDiff(diff);
  const { added, removed } = countDiff(lines);
  const counts = html`<span class="added">+${added}</span> <span class="removed">−${removed}</span>`;
  const open = lines.length <= SHORT_LINES ? html` open` : null;
  return html`<details class="file"${open}><summary>${name} <span class="verb">${VERBS[type]}</span> ${counts}</summary>${renderLines(
    lines,
    diff,
    index,
    room,
    context,
  )}</details>`;
}

function renderMore(changes: readonly FileChange[], { anchor, attachments: beside }: BlockContext): Html | null {
  if (changes.length === 0) return null;
  const texts = changes.map(({ type, path, movedTo, diff }) => {
    return `${VERBS[type]}: ${path}${movedTo === null ? "" : ` → ${movedTo}`}\n${diff ?? ""}\n`;
  });
  const link = beside.add(`${anchor}-more.diff.txt`, visibleText(texts.join("")));
  return html`<p class="cut">not all of them are shown here: <a href="${link}">${plural(changes.length, "more file")}</a></p>`;
}

interface Room {
  /** Characters of markup. */
  left: number;
}

function renderLines(lines: readonly DiffLine[], diff: string, index: number, room: Room, context: BlockContext): Html {
  const shown: Html[] = [];
  let size = Math.min(MAX_CHARACTERS, room.left);
  for (const line of lines) {
    if (shown.length >= MAX_LINES || size <= 0) break;
    const row = renderLine(line);
    shown.push(row);
    size -= row.source.length;
    room.left -= row.source.length;
  }
  const isCut = shown.length < lines.length || lines.some(({ text }) => text.length > MAX_LINE);
  const rest =
    isCut && renderRest(lines.length, context.attachments.add(`${context.anchor}-${index + 1}.diff.txt`, diff));
  return html`<table class="diff"><tbody>${shown}</tbody></table>${rest}`;
}

function renderRest(lines: number, link: string): Html {
  return html`<p class="cut">not all of it is shown here: <a href="${link}">all ${plural(lines, "line")}</a></p>`;
}

function renderLine(line: DiffLine): Html {
  const text = line.text.length > MAX_LINE ? `${line.text.slice(0, MAX_LINE)}…` : line.text;
  if (!("old" in line)) {
    return html`<tr class="${line.kind}"><td colspan="3">${line.kind === "gap" ? `⋯ ${text}` : text}</td></tr>`;
  }
  return html`<tr class="${line.kind}"><td class="line">${line.old}</td><td class="line">${line.now}</td><td><code><span class="mark">${MARKS[line.kind]}</span>${text}</code></td></tr>`;
}
