// The digest: the bounded, deterministic JSON document an evaluator reads. It holds what was asked, said and done,
// and no command output but the tail of a failed call. Injected context is not in it, since events hold none.

import type { Tool } from "../agents/tools.ts";
import type { Outcome, SessionEvent } from "../events/event.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { mapStrings } from "../secrets/map-strings.ts";
import type { Redactor } from "../secrets/redactor.ts";
import type { ScrubContext } from "../secrets/scrub-paths.ts";
import { type DigestFacts, factsOf, limitFacts, type Omitted } from "./facts.ts";
import { addCounts, fitDigest } from "./fit.ts";
import { digestBytes } from "./json.ts";
import { TextCleaner, window } from "./text.ts";
import { Timeline } from "./timeline.ts";

export interface DigestAbout {
  tool: Tool;
  label: string;
  project: string;
  start: string | null;
  end: string | null;
  /** The last prompts of the runs before this one, oldest first. */
  priorPrompts: string[];
  /** Where the run took place, so that no path tells it. */
  paths?: ScrubContext;
  /** Knows the secrets of the session. */
  secrets?: Redactor;
}

/** One thing on the timeline. Calls carry how they ended; only failed ones carry the end of their output. */
export type DigestItem =
  | { prompt: string; images?: number }
  | { reply: string }
  | { command: string; outcome: Outcome; exit_code?: number; output_tail?: string; subagent?: true }
  | { edit: string[]; more_paths?: number; outcome: Outcome; error_tail?: string; subagent?: true }
  | { tool: string; outcome: Outcome; output_tail?: string; subagent?: true }
  | { search: string }
  | { notice: string };

export interface Digest {
  schema: "ctx-digest-1";
  about: { tool: Tool; label: string; project: string; start: string | null; end: string | null };
  prior_prompts: string[];
  timeline: DigestItem[];
  facts: DigestFacts;
  /** How many of each kind were left out to stay within the bound; what was kept is in order. */
  omitted: Omitted;
  /** How many secrets were taken out. */
  redactions: number;
}

/** Bytes of a digest with everything in it, some 30 thousand tokens. */
export const FULL_DIGEST_BYTES = 120_000;
/** Bytes of the digest for a second try, after a model ran out of room. */
const BUDGET_DIGEST_BYTES = 24_000;
/** Below this there is nothing worth leaving out. */
const SMALLEST_DIGEST_BYTES = 4_000;

/** At most so many of each list of facts. */
const FACTS = 200;
const PRIOR_PROMPTS = 3;
const LENGTH = { priorPrompt: 600, label: 200, fact: 400 };

/** Collects the timeline while events stream by, in bounded memory. */
export class DigestCollector {
  readonly #timeline = new Timeline();

  push(event: SessionEvent): void {
    this.#timeline.push(event);
  }

  build(evidence: Evidence, about: DigestAbout): Digest {
    const cleaner = new TextCleaner(about.paths, about.secrets);
    const { items, omitted } = this.#timeline.finish(cleaner);
    const limited = limitFacts(factsOf(evidence), FACTS);
    const digest: Digest = {
      schema: "ctx-digest-1",
      about: {
        tool: about.tool,
        label: cleaner.short(about.label, LENGTH.label),
        project: cleaner.short(about.project, LENGTH.label),
        start: about.start,
        end: about.end,
      },
      prior_prompts: about.priorPrompts
        .slice(-PRIOR_PROMPTS)
        .map((prompt) => cleaner.short(window(prompt), LENGTH.priorPrompt)),
      timeline: items,
      facts: mapStrings(limited.facts, (text) => cleaner.short(window(text), LENGTH.fact)),
      omitted: addCounts(omitted, limited.omitted),
      redactions: cleaner.redactions,
    };
    return fitDigest(digest, FULL_DIGEST_BYTES);
  }
}

/** The digest for a second try: the same, within a far smaller bound, and never more than half of what it was. */
export function budgetDigest(digest: Digest): Digest {
  const half = Math.max(SMALLEST_DIGEST_BYTES, Math.floor(digestBytes(digest) / 2));
  return fitDigest(digest, Math.min(BUDGET_DIGEST_BYTES, half));
}
