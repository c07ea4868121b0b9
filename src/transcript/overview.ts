// The facts at the top of `index.html`: the session, and the totals of all its turns.
import { z } from "zod";
import { agentOf } from "../agents/registry.ts";
import type { SessionHead } from "../agents/session-head.ts";
import { sha256 } from "../system/crypto.ts";
import { formatDuration, millisecondsBetween, nameList, plural, timeElement } from "./html/format.ts";
import { type Html, html, type Part } from "./html/template.ts";
import { commitLink, type RepositoryLinks } from "./repository-links.ts";
import { clip, MAX_FILES, MAX_NAMES, type TurnSummary } from "./turn.ts";

/** How many file names are cached to avoid hashing them again. */
const MAX_RECENT = 500;

const count = z.int().nonnegative();

export const totalsState = z.strictObject({
  prompts: count,
  commands: count,
  tests: count,
  commits: count,
  /** Changed files as short hashes of their names, because names may be long and many. */
  files: z.array(z.string().length(16)).max(MAX_FILES),
});

export type Totals = z.output<typeof totalsState>;

export class TotalsCounter {
  readonly #counts: Omit<Totals, "files">;
  readonly #files: Set<string>;
  readonly #recent = new Set<string>();

  constructor(saved: Totals = { prompts: 0, commands: 0, tests: 0, commits: 0, files: [] }) {
    const { files, ...counts } = saved;
    this.#counts = counts;
    this.#files = new Set(files);
  }

  get totals(): Totals {
    return { ...this.#counts, files: [...this.#files] };
  }

  push({ facts, files }: TurnSummary): void {
    if (facts.prompt !== null) this.#counts.prompts++;
    this.#counts.commands += facts.commands;
    this.#counts.tests += facts.tests.count;
    this.#counts.commits += facts.commits.count;
    for (const name of files) this.#countFile(name);
  }

  #countFile(name: string): void {
    if (this.#recent.has(name) || this.#files.size >= MAX_FILES) return;
    this.#files.add(sha256(name).slice(0, 16));
    if (this.#recent.size >= MAX_RECENT) this.#recent.clear();
    this.#recent.add(name);
  }
}

/**
 * Omits files, tests and commits if the log shows none. There may have been some all the same: `git commit -q` prints
 * nothing.
 */
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
  const optional = (text: string | null) => text && clip(text);
  const duration = millisecondsBetween(startedAt, endedAt);
  const repository =
    links === null ? optional(repositoryUrl) : html`<a href="${links.url}" rel="noopener noreferrer">${links.name}</a>`;
  return html`<dl class="facts">${[
    fact("tool", [agentOf(head.tool).name, head.version !== null && ` ${clip(head.version)}`]),
    fact("model", models.length > 0 && nameList(models.slice(0, MAX_NAMES), models.length)),
    fact("actor", optional(actor)),
    fact("started", startedAt && timeElement(startedAt, "date")),
    fact("duration", duration >= 0 && formatDuration(duration)),
    fact("repository", repository),
    fact("commit", commit && [commitLink(commit, links), branch !== null && html` on <code>${clip(branch)}</code>`]),
    fact("session", html`<code>${clip(head.sessionId)}</code>`),
    fact("totals", describeTotals(totals)),
  ]}</dl>
`;
}

function fact(name: string, value: Part): Html {
  return value ? html`<dt>${name}</dt><dd>${value}</dd>` : html``;
}
