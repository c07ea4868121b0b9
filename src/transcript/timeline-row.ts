// A row of the timeline: a prompt with what came of it. Bounded, whatever a log holds.
import { z } from "zod";
import type { TestRun } from "../evidence/evidence.ts";
import { turnFacts } from "./conversation-facts.ts";
import { formatDuration, plural, timeElement } from "./html/format.ts";
import { type Html, html, type Part } from "./html/template.ts";
import type { RepositoryLinks } from "./repository-links.ts";

/** The facts of a conversation, and the page where it begins. */
export const timelineRow = z.strictObject({ facts: turnFacts, page: z.string().regex(/^page-\d{3,9}\.html$/) });

export type TimelineRow = z.output<typeof timelineRow>;

export function renderRow({ facts, page }: TimelineRow, links: RepositoryLinks | null): Html {
  const { ordinal, prompt, startedAt, endedAt, files, tests, commits, failed } = facts;
  const took = Date.parse(endedAt ?? "") - Date.parse(startedAt ?? "");
  const outcome = [
    files.count > 0 && html`<li class="files">${names(files.names, files.count)}</li>`,
    ...tests.runs.map(renderTest),
    tests.count > tests.runs.length && html`<li class="test">${rest(tests.count - tests.runs.length, "test run")}</li>`,
    ...commits.made.map(({ hash, message }) => {
      return html`<li class="commit">${commitLink(hash, links)} ${message}</li>`;
    }),
    commits.count > commits.made.length &&
      html`<li class="commit">${rest(commits.count - commits.made.length, "commit")}</li>`,
    failed.count > 0 &&
      html`<li class="failed">${plural(failed.count, "failed command")}: ${names(failed.commands, failed.count)}</li>`,
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

/** Names in a row, and how many there are besides. */
export function names(shown: readonly string[], count: number): Part {
  const more = count - shown.length;
  return [shown.map((name, index) => html`${index > 0 && ", "}<code>${name}</code>`), more > 0 && `, and ${more} more`];
}

function rest(count: number, noun: string): string {
  return `and ${plural(count, `more ${noun}`)}`;
}

export function commitLink(hash: string, links: RepositoryLinks | null): Html {
  const short = html`<code>${hash.slice(0, 10)}</code>`;
  return links === null ? short : html`<a href="${links.commit(hash)}" rel="noopener noreferrer">${short}</a>`;
}
