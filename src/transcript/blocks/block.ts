// The frame that every block of a page shares: an anchor, a kind, a time, a duration and a status.
import type { Outcome } from "../../events/event.ts";
import type { Attachments } from "../attachments.ts";
import { formatDuration, timeElement } from "../html/format.ts";
import { type Html, html, type Part } from "../html/template.ts";
import type { SearchText } from "../search.ts";

export interface BlockContext {
  /** The id of the block in the transcript: `p3-12` is the twelfth block after the third prompt. */
  anchor: string;
  attachments: Attachments;
  /** Collects the text by which the search finds the block. */
  searchText: SearchText;
  /** The session's working directory. Paths in it are shown relative to it. */
  cwd: string | null;
}

/** How a call ended. `good` is null where that is not known, or not yet. */
export interface Status {
  text: string;
  good: boolean | null;
}

const STATUSES: Record<Outcome, Status> = {
  ok: { text: "ok", good: true },
  failed: { text: "failed", good: false },
  refused: { text: "refused, not run", good: false },
  interrupted: { text: "interrupted", good: false },
  running: { text: "still running", good: null },
  unknown: { text: "outcome not recorded", good: null },
};

export function statusOf(outcome: Outcome, exitCode: number | null = null): Status {
  return exitCode === null ? STATUSES[outcome] : { text: `exit ${exitCode}`, good: exitCode === 0 };
}

export interface BlockContent {
  /** Shown as a label, and used as a class by the style sheet. */
  kind: string;
  title?: Part;
  at: string | null;
  durationMs?: number | null;
  status?: Status | null;
  body: Part;
}

export function block({ anchor }: BlockContext, { kind, title, at, durationMs, status, body }: BlockContent): Html {
  const ended = status && html`<span class="status${colorClass(status)}">${status.text}</span>`;
  const took = typeof durationMs === "number" && html`<span class="took">${formatDuration(durationMs)}</span>`;
  // The page's script copies the link when the number sign is clicked.
  const link = html`<a class="anchor" href="#${anchor}" aria-label="link to this block">#</a>`;
  return html`<article class="block ${kind}" id="${anchor}"><header><span class="kind">${kind}</span>${
    title && html`<span class="title">${title}</span>`
  }${ended}${took}${timeElement(at)}${link}</header>${body}</article>
`;
}

function colorClass({ good }: Status): string {
  if (good === null) return "";
  return good ? " good" : " bad";
}

const LONGEST_NAME = 200;
const LONGEST_TITLE = 120;

/** The path, relative to the session's working directory if it is in it, and at most `LONGEST_NAME` characters of it. */
export function shortPath(path: string, cwd: string | null): string {
  const short = cwd === null || cwd === "/" || !path.startsWith(`${cwd}/`) ? path : path.slice(cwd.length + 1);
  return short.length <= LONGEST_NAME ? short : `…${short.slice(-LONGEST_NAME)}`;
}

export function shortName(name: string): string {
  return name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME)}…`;
}

/** The first line of a Markdown text as a title, without Markdown punctuation. */
export function firstLine(text: string): string {
  const line = text.trim().split("\n", 1)[0] ?? "";
  const title = line.replaceAll(/[*_#`]/g, "").trim();
  return title.length > LONGEST_TITLE ? `${title.slice(0, LONGEST_TITLE - 1)}…` : title;
}
