// What the session was: the facts at the top of `index.html`.
import type { SessionHead } from "../agents/session-head.ts";
import { TOOL_NAMES } from "../agents/tools.ts";
import { clip, MAX_NAMES } from "./conversation-facts.ts";
import { formatDuration, plural, timeElement } from "./html/format.ts";
import { type Html, html, type Part } from "./html/template.ts";
import type { RepositoryLinks } from "./repository-links.ts";
import { commitLink, names } from "./timeline-row.ts";
import type { Totals } from "./totals.ts";
import { MAX_FILES } from "./turn.ts";

/** What is said of the session at the top. */
export interface SessionFacts {
  head: SessionHead;
  models: readonly string[];
  actor: string | null;
  links: RepositoryLinks | null;
  startedAt: string | null;
  endedAt: string | null;
}

export function renderFacts({ head, models, actor, links, startedAt, endedAt }: SessionFacts, totals: Totals): Html {
  const { commit, branch, repositoryUrl } = head.git;
  const word = (text: string | null) => text && clip(text);
  const took = Date.parse(endedAt ?? "") - Date.parse(startedAt ?? "");
  const repository =
    links === null ? word(repositoryUrl) : html`<a href="${links.url}" rel="noopener noreferrer">${links.name}</a>`;
  return html`<dl class="facts">${[
    fact("tool", [TOOL_NAMES[head.tool], head.version !== null && ` ${clip(head.version)}`]),
    fact("model", models.length > 0 && names(models.slice(0, MAX_NAMES), models.length)),
    fact("actor", word(actor)),
    fact("began", startedAt && timeElement(startedAt, "date")),
    fact("lasted", took >= 0 && formatDuration(took)),
    fact("repository", repository),
    fact("commit", commit && [commitLink(commit, links), branch !== null && html` on <code>${clip(branch)}</code>`]),
    fact("session", html`<code>${clip(head.sessionId)}</code>`),
    fact("in all", describeTotals(totals)),
  ]}</dl>
`;
}

/** All conversations in numbers. What the log does not tell of may have happened all the same: `git commit -q` says nothing. */
export function describeTotals({ prompts, commands, files, tests, commits }: Totals): string {
  const changed = plural(files.length, "changed file");
  return [
    plural(prompts, "prompt"),
    plural(commands, "command"),
    files.length > 0 && (files.length < MAX_FILES ? changed : `${changed} or more`),
    tests > 0 && plural(tests, "test run"),
    commits > 0 && plural(commits, "commit"),
  ]
    .filter((part) => part !== false)
    .join(", ");
}

function fact(name: string, value: Part): Html {
  return value ? html`<dt>${name}</dt><dd>${value}</dd>` : html``;
}
