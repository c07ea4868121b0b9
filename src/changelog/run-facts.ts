// What is known of one run before anybody puts it into words: its events read once, for facts and for the digest.

import type { ParseStats } from "../agents/parse-stats.ts";
import type { SessionHead } from "../agents/session-head.ts";
import { DigestCollector } from "../digest/collector.ts";
import type { SessionEvent } from "../events/event.ts";
import { earlier, later } from "../events/timestamps.ts";
import { EvidenceCollector } from "../evidence/collect.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { Snapshot } from "../evidence/git/snapshot.ts";
import { Redactor } from "../secrets/redactor.ts";
import { type LogRange, type LogRef, readEvents, readPrompts } from "../sessions/read.ts";

/** How many prompts of earlier runs an evaluator is shown, for context. */
const PRIOR_PROMPTS = 3;

/** A stretch of a log that is one run. */
export interface RunSource {
  log: LogRef;
  head: SessionHead;
  range: LogRange;
  /** The window the run was given as; null where it was not. */
  window: { start: string | null; end: string | null };
  /** The project's root folder. */
  root: string;
  home: string;
  /** What was seen of the repository while the run lasted; absent where nobody looked. */
  observed?: ObservedRepository | undefined;
}

/** The repository around a run. */
export interface ObservedRepository {
  before: Snapshot;
  /** When looking at it was done. */
  beforeDone: string;
  /** Right after the run; null where nobody looked. */
  after: Snapshot | null;
  /** How many other recorded runs were at work in it meanwhile. */
  others: number;
}

export interface RunFacts {
  evidence: Evidence;
  digest: DigestCollector;
  priorPrompts: string[];
  parseStats: ParseStats;
  /** Knows every secret of the run, so that it is taken out also where it stood before it was told to be one. */
  secrets: Redactor;
  /** When the run began and ended: its window, widened to every event in it. */
  start: string | null;
  end: string | null;
}

/** Reads a run. Memory does not grow with the log. */
export async function readRunFacts({ log, head, range, window, root, home, observed }: RunSource): Promise<RunFacts> {
  const facts = new EvidenceCollector();
  const digest = new DigestCollector();
  const acted = new FirstAction();
  const secrets = new Redactor();
  const { stats } = await readEvents(log, range, (event) => {
    secrets.learn(event);
    acted.push(event);
    facts.push(event);
    digest.push(event);
  });
  const evidence = await facts.finish({ head, root, home, window, ...usableObservation(observed, acted.at) });
  const priorPrompts = await readPrompts(log, { from: 0, to: range.from }, PRIOR_PROMPTS);
  secrets.learn(priorPrompts);
  const start = earlier(window.start, evidence.firstAt);
  const end = later(window.end, evidence.lastAt);
  return { evidence, digest, priorPrompts, parseStats: stats, secrets, start, end };
}

/** When a run did the first thing that can change a file, at the earliest; null while it only talked. */
class FirstAction {
  at: string | null = null;
  #lastAt: string | null = null;

  push(event: SessionEvent): void {
    const began = event.kind === "command" ? (event.calledAt ?? event.startedAt) : null;
    // Of other calls only the end is known: what was said before they were made stands before their beginning.
    if (event.kind === "command" || event.kind === "edit" || event.kind === "tool") {
      // What a subagent did is told later than it was done.
      this.at = earlier(this.at, began ?? earlier(this.#lastAt, event.at));
    }
    this.#lastAt = event.at ?? this.#lastAt;
  }
}

/** A look that was not done when the run began to act shows neither before nor after, and is worse than none. */
function usableObservation(observed: ObservedRepository | undefined, actedAt: string | null) {
  if (observed === undefined || actedAt === null) return {};
  const { before, beforeDone, after, others } = observed;
  return Date.parse(beforeDone) < Date.parse(actedAt) ? { before, after, others } : {};
}
