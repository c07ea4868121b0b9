// All conversations together, in numbers.
import { z } from "zod";
import { sha256 } from "../system/crypto.ts";
import type { TurnFacts } from "./conversation-facts.ts";
import { MAX_FILES } from "./turn.ts";

/** How many names are kept to spare their hashes. */
const MAX_RECENT = 500;

const count = z.int().nonnegative();

export const totalsState = z.strictObject({
  prompts: count,
  commands: count,
  tests: count,
  commits: count,
  /** Names of the files that were changed, as short hashes: a name may be long, and there may be many. */
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

  push(facts: TurnFacts, files: readonly string[]): void {
    if (facts.prompt !== null) this.#counts.prompts++;
    this.#counts.commands += facts.commands;
    this.#counts.tests += facts.tests.count;
    this.#counts.commits += facts.commits.count;
    for (const name of files) this.#count(name);
  }

  /** The same few files are changed again and again. */
  #count(name: string): void {
    if (this.#recent.has(name) || this.#files.size >= MAX_FILES) return;
    this.#files.add(sha256(name).slice(0, 16));
    if (this.#recent.size >= MAX_RECENT) this.#recent.clear();
    this.#recent.add(name);
  }
}
