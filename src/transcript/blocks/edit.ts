// A structured edit: its files, each with a diff.
import type { EditEvent, FileChange } from "../../events/event.ts";
import { countDiff, type DiffLine, readDiff, readNewFile } from "../diff.ts";
import { plural } from "../html/format.ts";
import { type Html, html, visibleText } from "../html/template.ts";
import { type BlockContext, block, shortPath, statusOf } from "./block.ts";
import { longText } from "./text.ts";

/** Limits of one diff on the page, in lines, characters per line and characters of markup. */
const MAX_LINES = 400;
const MAX_LINE = 2_000;
const MAX_CHARACTERS = 60_000;
/** The limit of all diffs of an edit together, in characters of markup. */
const MAX_TOTAL = 150_000;
const MAX_CHANGES = 100;
/** A diff of at most this many lines is expanded. */
const SHORT_LINES = 80;

export const VERBS = { add: "new file", update: "changed", delete: "deleted" } as const;
const MARKS = { added: "+", removed: "-", context: " " } as const;

/** The characters of markup that the rest of an edit may use. */
interface Budget {
  left: number;
}

export function renderEdit({ changes, at, outcome, error }: EditEvent, context: BlockContext): Html {
  const budget = { left: MAX_TOTAL };
  const reason = error !== null && html`<div class="error">${longText(context, "error", error)}</div>`;
  const shown = changes.slice(0, MAX_CHANGES).map((change, index) => renderChange(change, index, budget, context));
  return block(context, {
    kind: "edit",
    title: plural(changes.length, "file"),
    at,
    status: statusOf(outcome),
    body: html`${reason}${shown}${linkToRest(changes.slice(MAX_CHANGES), context)}`,
  });
}

function renderChange(change: FileChange, index: number, budget: Budget, context: BlockContext): Html {
  const { type, path, movedTo, diff } = change;
  const code = (path: string) =>
    context.searchText.add(html`<code class="path">${shortPath(path, context.cwd)}</code>`);
  const name = html`${code(path)}${movedTo !== null && html` → ${code(movedTo)}`}`;
  if (diff === null || diff === "") return html`<p class="file">${name} <span class="verb">${VERBS[type]}</span></p>`;
  const lines = type === "add" ? readNewFile(diff) : readDiff(diff);
  const { added, removed } = countDiff(lines);
  const counts = html`<span class="added">+${added}</span> <span class="removed">−${removed}</span>`;
  const open = lines.length <= SHORT_LINES ? html` open` : null;
  const { shown, isCut } = renderLines(lines, budget);
  const file = isCut && context.attachments.add(`${context.anchor}-${index + 1}.diff.txt`, diff);
  const cut = file && html`<p class="cut">truncated: <a href="${file}">all ${plural(lines.length, "line")}</a></p>`;
  return html`<details class="file"${open}><summary>${name} <span class="verb">${VERBS[type]}</span> ${counts}</summary><table class="diff"><tbody>${shown}</tbody></table>${cut}</details>`;
}

function renderLines(lines: readonly DiffLine[], budget: Budget): { shown: Html[]; isCut: boolean } {
  const shown: Html[] = [];
  let size = Math.min(MAX_CHARACTERS, budget.left);
  for (const line of lines) {
    if (shown.length >= MAX_LINES || size <= 0) break;
    const row = renderLine(line);
    shown.push(row);
    size -= row.source.length;
    budget.left -= row.source.length;
  }
  return { shown, isCut: shown.length < lines.length || lines.some(({ text }) => text.length > MAX_LINE) };
}

function renderLine(line: DiffLine): Html {
  const text = line.text.length > MAX_LINE ? `${line.text.slice(0, MAX_LINE)}…` : line.text;
  if (!("old" in line)) {
    return html`<tr class="${line.kind}"><td colspan="3">${line.kind === "gap" ? `⋯ ${text}` : text}</td></tr>`;
  }
  return html`<tr class="${line.kind}"><td class="line">${line.old}</td><td class="line">${line.now}</td><td><code><span class="mark">${MARKS[line.kind]}</span>${text}</code></td></tr>`;
}

function linkToRest(changes: readonly FileChange[], { anchor, attachments }: BlockContext): Html | null {
  if (changes.length === 0) return null;
  const texts = changes.map(({ type, path, movedTo, diff }) => {
    return `${VERBS[type]}: ${path}${movedTo === null ? "" : ` → ${movedTo}`}\n${diff ?? ""}\n`;
  });
  const link = attachments.add(`${anchor}-more.diff.txt`, visibleText(texts.join("")));
  return html`<p class="cut">omitted: <a href="${link}">${plural(changes.length, "more file")}</a></p>`;
}
