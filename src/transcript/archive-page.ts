// One page over the sessions of a project: what each was about, what came of it, and the way to its transcript.

import { TOOL_NAMES, type Tool } from "../agents/tools.ts";
import type { Commit } from "../evidence/evidence.ts";
import { renderCalendar } from "./archive/calendar.ts";
import { formatDuration, plural, timeElement } from "./html/format.ts";
import { type Html, html } from "./html/template.ts";
import { type PageLink, renderPage } from "./page-layout.ts";

/** How many names one session has room for. */
const MAX_NAMES = 8;

/** A session as the page tells it. Texts must have been redacted. */
export interface ArchivedSession {
  tool: Tool;
  title: string;
  startedAt: string | null;
  endedAt: string | null;
  /** When each of its runs began. */
  runsAt: readonly string[];
  /** Null where nobody counted. */
  prompts: number | null;
  /** The way to its first page; null when it has none. */
  href: string | null;
  /** What its entries tell; null when it has none. */
  entries: EntryFacts | null;
}

export interface EntryFacts {
  summaries: string[];
  files: string[];
  tests: { pass: number; fail: number; unknown: number };
  commits: Commit[];
  /** The files that hold the entries, and who got the credit. */
  recordedIn: { actor: string; href: string }[];
}

/** The page; sessions come in the order they are shown. */
export function renderArchive(project: string, sessions: readonly ArchivedSession[]): string {
  const title = `Sessions of ${project}`;
  const newest = sessions.find(({ href }) => href !== null)?.href ?? null;
  const links: PageLink[] = newest === null ? [] : [{ href: newest, text: "latest session", rel: "next" }];
  const body = html`<h1>${title}</h1>
<p>${plural(sessions.length, "session")}</p>
${renderCalendar(sessions.flatMap(({ runsAt }) => runsAt))}<h2>Newest first</h2>
<ol class="timeline" reversed>${sessions.map(renderSession)}</ol>
`;
  return renderPage({ title, links, body });
}

function renderSession({ tool, title, startedAt, endedAt, prompts, href, entries: told }: ArchivedSession): Html {
  const took = Date.parse(endedAt ?? "") - Date.parse(startedAt ?? "");
  const facts = [
    TOOL_NAMES[tool],
    took > 0 && `lasted ${formatDuration(took)}`,
    prompts !== null && plural(prompts, "prompt"),
    href === null && "without a transcript",
  ].filter((fact) => fact !== false);
  return html`<li><h3>${href === null ? title : html`<a href="${href}">${title}</a>`}</h3>
<p class="when">${startedAt !== null && html`${timeElement(startedAt, "date")}, `}${facts.join(", ")}</p>${told && renderTold(told)}</li>
`;
}

function renderTold({ summaries, files, tests, commits, recordedIn }: EntryFacts): Html {
  const results = [
    tests.pass > 0 && `${plural(tests.pass, "test run")} passed`,
    tests.fail > 0 && `${plural(tests.fail, "test run")} failed`,
    tests.unknown > 0 && `${plural(tests.unknown, "test run")} ended unknown`,
  ].filter((result) => result !== false);
  const rest = (count: number) => count > MAX_NAMES && `, and ${count - MAX_NAMES} more`;
  return html`${summaries.map((summary) => html`<p>${summary}</p>`)}<ul class="outcome">${[
    files.length > 0 &&
      html`<li class="files">${files.slice(0, MAX_NAMES).map((file, index) => html`${index > 0 && ", "}<code>${file}</code>`)}${rest(files.length)}</li>`,
    results.length > 0 && html`<li class="test">${results.join(", ")}</li>`,
    ...commits
      .slice(0, MAX_NAMES)
      .map(({ hash, message }) => html`<li class="commit"><code>${hash.slice(0, 10)}</code> ${message}</li>`),
    commits.length > MAX_NAMES && html`<li class="commit">${plural(commits.length - MAX_NAMES, "more commit")}</li>`,
    html`<li class="recorded">recorded by ${recordedIn.map(({ actor, href }, index) => html`${index > 0 && ", "}<a href="${href}">${actor}</a>`)}</li>`,
  ]}</ul>`;
}
