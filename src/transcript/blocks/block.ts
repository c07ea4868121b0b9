// What every block of a conversation looks like from outside: a name to link to, a kind, when it was and how it ended.
import { formatDuration, timeElement } from "../html/format.ts";
import { type Html, html, type Part } from "../html/template.ts";
import type { Attachments } from "../output-file.ts";
import type { SearchText } from "../search/found-text.ts";

/** What a block is rendered with. */
export interface BlockContext {
  /** Names the block within the transcript, by ordinals: `p3-12` is the twelfth block after the third prompt. */
  anchor: string;
  attachments: Attachments;
  /** What the search is to find of the block. */
  searchText: SearchText;
  /** The session's working directory: what lies in it is named from there. */
  cwd: string | null;
}

/** How a call ended, in a word or two; `good` is null where nobody knows, or not yet. */
export interface Status {
  text: string;
  good: boolean | null;
}

export interface BlockFrame {
  /** A word for the eye and a class for the style sheet. */
  kind: string;
  title?: Part;
  at: string | null;
  durationMs?: number | null;
  status?: Status | null;
  body: Part;
}

/** A block with its header. Its number sign is the link to it. */
export function block({ anchor }: BlockContext, { kind, title, at, durationMs, status, body }: BlockFrame): Html {
  const ended = status && html`<span class="status${judgement(status)}">${status.text}</span>`;
  const took = typeof durationMs === "number" && html`<span class="took">${formatDuration(durationMs)}</span>`;
  return html`<article class="block ${kind}" id="${anchor}"><header><span class="kind">${kind}</span>${
    title && html`<span class="title">${title}</span>`
  }${ended}${took}${timeElement(at)}${anchorLink(anchor)}</header>${body}</article>
`;
}

/** The class that says so by colour. */
function judgement({ good }: Status): string {
  if (good === null) return "";
  return good ? " good" : " bad";
}

/** A path as short as the session's own folder makes it. */
export function shortPath(path: string, cwd: string | null): string {
  const short = cwd === null || cwd === "/" || !path.startsWith(`${cwd}/`) ? path : path.slice(cwd.length + 1);
  return short.length <= LONGEST_NAME ? short : `…${short.slice(-LONGEST_NAME)}`;
}

const LONGEST_NAME = 200;

/** A name of something, of any length. */
export function shortName(name: string): string {
  return name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME)}…`;
}

/** The control that links to a place, and copies that link. */
function anchorLink(anchor: string): Html {
  return html`<a class="anchor" href="#${anchor}" aria-label="link to this place">#</a>`;
}
