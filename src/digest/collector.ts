// Builds the digest of a run from its events and evidence.
import type { Tool } from "../agents/tool.ts";
import type { SessionEvent } from "../events/event.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { mapStrings } from "../secrets/map-strings.ts";
import type { Redactor } from "../secrets/redactor.ts";
import type { ScrubContext } from "../secrets/scrub-paths.ts";
import { TextCleaner, window } from "./clean-text.ts";
import { type Digest, digestBytes } from "./digest.ts";
import { withIds } from "./fact-ids.ts";
import { addCounts, factsOf, limitFacts } from "./facts.ts";
import { fitDigest } from "./fit.ts";
import { type OutcomeFact, outcomesOf } from "./outcomes.ts";
import { Timeline } from "./timeline.ts";

export interface DigestAbout {
  tool: Tool;
  label: string;
  project: string;
  start: string | null;
  end: string | null;
  /** The last prompts of the runs before this one, oldest first. */
  priorPrompts: string[];
  /** Removes the project's folder, the home folder and the host name from paths. */
  paths?: ScrubContext;
  /** Knows the secrets of the session. */
  secrets?: Redactor;
}

/** The largest digest, about 30,000 tokens. */
export const FULL_DIGEST_BYTES = 120_000;
/** The largest digest for a second attempt, after the first one exceeded the context window. */
const BUDGET_DIGEST_BYTES = 24_000;
/** A smaller digest is not reduced for a second attempt. */
const MIN_DIGEST_BYTES = 4_000;

/** How many of each kind of fact are kept. */
const MAX_FACTS = 200;
const MAX_OUTCOMES = 2 * MAX_FACTS;
const MAX_PRIOR_PROMPTS = 3;
const MAX_LENGTH = { priorPrompt: 600, label: 200, fact: 400 };

/** Collects the timeline of a run in bounded memory. */
export class DigestCollector {
  readonly #timeline = new Timeline();

  readonly #outcomes: OutcomeFact[] = [];

  push(event: SessionEvent): void {
    this.#timeline.push(event);
    if (event.kind !== "command") return;
    this.#outcomes.push(...outcomesOf(event));
    if (this.#outcomes.length > MAX_OUTCOMES) this.#outcomes.splice(MAX_FACTS, this.#outcomes.length - MAX_OUTCOMES);
  }

  build(evidence: Evidence, about: DigestAbout): Digest {
    const cleaner = new TextCleaner(about.paths, about.secrets);
    const { items, omitted } = this.#timeline.finish(cleaner);
    const limited = limitFacts(withIds(factsOf(evidence, this.#outcomes)), MAX_FACTS);
    const digest: Digest = {
      schema: "ctx-digest-1",
      about: {
        tool: about.tool,
        label: cleaner.short(about.label, MAX_LENGTH.label),
        project: cleaner.short(about.project, MAX_LENGTH.label),
        start: about.start,
        end: about.end,
      },
      prior_prompts: about.priorPrompts
        .slice(-MAX_PRIOR_PROMPTS)
        .map((prompt) => cleaner.short(window(prompt), MAX_LENGTH.priorPrompt)),
      timeline: items,
      facts: mapStrings(limited.facts, (text) => cleaner.short(window(text), MAX_LENGTH.fact)),
      omitted: addCounts(omitted, limited.omitted),
      redactions: cleaner.redactions,
    };
    return fitDigest(digest, FULL_DIGEST_BYTES);
  }
}

/** The digest for a second attempt: at most 24 kB and at most half of its size, but never reduced below 4 kB. */
export function budgetDigest(digest: Digest): Digest {
  const half = Math.max(MIN_DIGEST_BYTES, Math.floor(digestBytes(digest) / 2));
  return fitDigest(digest, Math.min(BUDGET_DIGEST_BYTES, half));
}
