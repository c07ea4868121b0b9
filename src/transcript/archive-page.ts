// One page listing the sessions of a project, with a calendar of their runs and links to their transcripts.
import { agentOf } from "../agents/registry.ts";
import type { Tool } from "../agents/tool.ts";
import type { Commit } from "../evidence/evidence.ts";
import { formatDuration, millisecondsBetween, nameList, plural, timeElement } from "./html/format.ts";
import { type Html, html } from "./html/template.ts";
import { type PageLink, renderPage } from "./page-layout.ts";
import { commitLink } from "./repository-links.ts";

/** The most files, and the most commits, listed for a session. */
const MAX_NAMES = 8;

/** A session as the page shows it. Texts must have been redacted. */
export interface ArchivedSession {
  tool: Tool;
  title: string;
  startedAt: string | null;
  endedAt: string | null;
  /** When each of its runs started. */
  runsAt: readonly string[];
  /** Null where the number is not known. */
  prompts: number | null;
  /** The link to its transcript; null if it has none. */
  href: string | null;
  /** Facts from its changelog entries; null if it has none. */
  entries: EntryFacts | null;
}

export interface EntryFacts {
  summaries: string[];
  files: string[];
  tests: { pass: number; fail: number; unknown: number };
  commits: Commit[];
  /** The files that hold the entries, and their actors. */
  recordedIn: { actor: string; href: string }[];
}

/** Renders the page with the sessions in the given order, newest first. */
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

function renderSession({ tool, title, startedAt, endedAt, prompts, href, entries }: ArchivedSession): Html {
  const duration = millisecondsBetween(startedAt, endedAt);
  const facts = [
    agentOf(tool).name,
    duration > 0 && formatDuration(duration),
    prompts !== null && plural(prompts, "prompt"),
    href === null && "no transcript",
  ].filter((fact) => fact !== false);
  return html`<li><h3>${href === null ? title : html`<a href="${href}">${title}</a>`}</h3>
<p class="when">${startedAt !== null && html`${timeElement(startedAt, "date")}, `}${facts.join(", ")}</p>${entries && renderEntries(entries)}</li>
`;
}

function renderEntries({ summaries, files, tests, commits, recordedIn }: EntryFacts): Html {
  const results = [
    tests.pass > 0 && `${plural(tests.pass, "test run")} passed`,
    tests.fail > 0 && `${plural(tests.fail, "test run")} failed`,
    tests.unknown > 0 && `${plural(tests.unknown, "test run")} with an unknown result`,
  ].filter((result) => result !== false);
  return html`${summaries.map((summary) => html`<p>${summary}</p>`)}<ul class="outcome">${[
    files.length > 0 && html`<li class="files">${nameList(files.slice(0, MAX_NAMES), files.length)}</li>`,
    results.length > 0 && html`<li class="test">${results.join(", ")}</li>`,
    ...commits.slice(0, MAX_NAMES).map(({ hash, message }) => {
      return html`<li class="commit">${commitLink(hash, null)} ${message}</li>`;
    }),
    commits.length > MAX_NAMES && html`<li class="commit">${plural(commits.length - MAX_NAMES, "more commit")}</li>`,
    html`<li class="recorded">entry by ${recordedIn.map(({ actor, href }, index) => html`${index > 0 && ", "}<a href="${href}">${actor}</a>`)}</li>`,
  ]}</ul>`;
}

const DAY_MS = 86_400_000;
/** A year, including the week it started in. */
const MAX_WEEKS = 53;
const CELL = 12;
const SIZE = 10;
/** Days with more runs are as dark as this. */
const DARKEST = 4;

/**
 * A calendar of the days of these times, up to the last one; empty without times. Days are UTC days, so that the page
 * is the same wherever it is generated.
 */
export function renderCalendar(times: readonly string[]): Html {
  const days = new Map<number, number>();
  for (const time of times) {
    const day = Math.floor(Date.parse(time) / DAY_MS);
    if (Number.isFinite(day)) days.set(day, (days.get(day) ?? 0) + 1);
  }
  if (days.size === 0) return html``;
  const all = [...days.keys()].sort((a, b) => a - b);
  const last = weekOf(all.at(-1) ?? 0);
  const first = Math.max(weekOf(all[0] ?? 0), last - MAX_WEEKS + 1);
  const shown = all.filter((day) => weekOf(day) >= first);
  const cells = shown.map((day) => renderDay(day, days.get(day) ?? 0, first));
  const runs = shown.reduce((sum, day) => sum + (days.get(day) ?? 0), 0);
  const earlier = all.reduce((sum, day) => sum + (days.get(day) ?? 0), 0) - runs;
  const span = `${dateOf(shown[0] ?? 0)} to ${dateOf(shown.at(-1) ?? 0)}`;
  const label = `${plural(runs, "run")} on ${plural(shown.length, "day")}, ${span}${earlier > 0 ? `; ${earlier} earlier` : ""}`;
  const width = (last - first + 1) * CELL;
  return html`<figure class="calendar"><svg viewBox="0 0 ${width} ${7 * CELL}" width="${width}" height="${7 * CELL}" role="img" aria-label="${label}">${cells}</svg><figcaption>${label}</figcaption></figure>
`;
}

function renderDay(day: number, count: number, first: number): Html {
  const opacity = Math.min(count, DARKEST) / DARKEST;
  const [x, y] = [(weekOf(day) - first) * CELL, weekdayOf(day) * CELL];
  return html`<rect x="${x}" y="${y}" width="${SIZE}" height="${SIZE}" rx="2" fill-opacity="${opacity}"><title>${dateOf(day)}: ${plural(count, "run")}</title></rect>`;
}

/** Weeks start on Monday. Day 0 of the epoch was a Thursday. */
function weekOf(day: number): number {
  return Math.floor((day + 3) / 7);
}

function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
