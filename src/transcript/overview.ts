// `index.html`: what the session was, and its timeline: each prompt with what came of it.
import type { TestRun } from "../evidence/evidence.ts";
import type { SessionHead } from "../sessions/events.ts";
import type { ConversationFacts } from "./conversation.ts";
import { formatDuration, plural, timeElement } from "./html/moments.ts";
import { type Html, html, type Part } from "./html/template.ts";
import type { RepositoryLinks } from "./repository-links.ts";

/** How many names one row of the timeline has room for. */
const MAX_NAMES = 6;

/** What is said of the session at the top. */
export interface SessionFacts {
  head: SessionHead;
  models: readonly string[];
  actor: string | null;
  links: RepositoryLinks | null;
  startedAt: string | null;
  endedAt: string | null;
}

/** One row: the facts of a conversation, and where it begins. */
export interface TimelineRow {
  facts: ConversationFacts;
  page: string;
}

export const TOOL_NAMES = { codex: "Codex", claude: "Claude Code" } as const;

export function renderFacts(
  { head, models, actor, links, startedAt, endedAt }: SessionFacts,
  rows: readonly TimelineRow[],
): Html {
  const { commit, branch, repositoryUrl } = head.git;
  const took = Date.parse(endedAt ?? "") - Date.parse(startedAt ?? "");
  const repository =
    links === null ? repositoryUrl : html`<a href="${links.url}" rel="noopener noreferrer">${links.name}</a>`;
  return html`<dl class="facts">${[
    fact("tool", [TOOL_NAMES[head.tool], head.version !== null && ` ${head.version}`]),
    fact("model", models.join(", ")),
    fact("actor", actor),
    fact("began", startedAt && timeElement(startedAt, "date")),
    fact("lasted", took >= 0 && formatDuration(took)),
    fact("repository", repository),
    fact("commit", commit && [commitLink(commit, links), branch !== null && html` on <code>${branch}</code>`]),
    fact("session", html`<code>${head.sessionId}</code>`),
    fact("in all", describeTotals(rows)),
  ]}</dl>
`;
}

/** What the session was in numbers. */
export function describeTotals(rows: readonly Pick<TimelineRow, "facts">[]): string {
  const sum = (count: (facts: ConversationFacts) => number) =>
    rows.reduce((total, { facts }) => total + count(facts), 0);
  const prompts = rows.filter(({ facts }) => facts.prompt !== null).length;
  const tests = sum(({ tests }) => tests.length);
  return [
    plural(prompts, "prompt"),
    plural(
      sum(({ commands }) => commands),
      "command",
    ),
    plural(new Set(rows.flatMap(({ facts }) => facts.files.names)).size, "edited file"),
    tests > 0 && plural(tests, "test run"),
    plural(
      sum(({ commits }) => commits.length),
      "commit",
    ),
  ]
    .filter((part) => part !== false)
    .join(", ");
}

export function renderTimeline(rows: readonly TimelineRow[], links: RepositoryLinks | null): Html {
  return html`<ol class="timeline">${rows.map((row) => renderRow(row, links))}</ol>
`;
}

function renderRow({ facts, page }: TimelineRow, links: RepositoryLinks | null): Html {
  const { ordinal, prompt, startedAt, endedAt, files, tests, commits, failed } = facts;
  const took = Date.parse(endedAt ?? "") - Date.parse(startedAt ?? "");
  const outcome = [
    files.count > 0 && html`<li class="files">${names(files.names, files.count)}</li>`,
    ...tests.slice(0, MAX_NAMES).map(renderTest),
    ...commits.slice(0, MAX_NAMES).map(({ hash, message }) => {
      return html`<li class="commit">${commitLink(hash, links)} ${message}</li>`;
    }),
    failed.count > 0 &&
      html`<li class="failed">${plural(failed.count, "failed command")}: ${names(failed.commands.slice(0, 2), failed.count)}</li>`,
  ].filter((part) => part !== false);
  return html`<li value="${ordinal}"><h3><a href="${page}#p${ordinal}">${prompt?.replaceAll(/\n\s*\n/g, "\n") ?? "before the first prompt"}</a></h3>
<p class="when">${timeElement(startedAt)}${took > 0 && html` <span class="took">${formatDuration(took)}</span>`}</p>${
    outcome.length > 0 && html`<ul class="outcome">${outcome}</ul>`
  }</li>
`;
}

const TEST_MARKS = { pass: ["✓", "passed"], fail: ["✗", "failed"], unknown: ["?", "ended unknown"] } as const;

function renderTest({ cmd, result }: TestRun): Html {
  const [mark, word] = TEST_MARKS[result];
  return html`<li class="test ${result}"><span class="mark" role="img" aria-label="${word}">${mark}</span> <code>${cmd}</code></li>`;
}

function names(all: readonly string[], count: number): Part {
  const shown = all.slice(0, MAX_NAMES);
  const rest = count - shown.length;
  return [shown.map((name, index) => html`${index > 0 && ", "}<code>${name}</code>`), rest > 0 && `, and ${rest} more`];
}

function commitLink(hash: string, links: RepositoryLinks | null): Html {
  const short = html`<code>${hash.slice(0, 10)}</code>`;
  return links === null ? short : html`<a href="${links.commit(hash)}" rel="noopener noreferrer">${short}</a>`;
}

function fact(name: string, value: Part): Html {
  return value ? html`<dt>${name}</dt><dd>${value}</dd>` : html``;
}
