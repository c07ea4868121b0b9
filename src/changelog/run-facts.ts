// The facts of one run, which its evaluation and its entry are made from: its events are read once.

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

/** How many prompts of earlier runs the digest includes as context. */
const PRIOR_PROMPTS = 3;

/** The part of a log that is one run. */
export interface RunSource {
  log: LogRef;
  head: SessionHead;
  range: LogRange;
  /** The requested window. */
  window: { start: string | null; end: string | null };
  /** The project's root folder. */
  root: string;
  home: string;
  /** The repository before and after the run; absent if there are no snapshots. */
  observed?: ObservedRepository | undefined;
}

/** The repository before and after a run. */
export interface ObservedRepository {
  before: Snapshot;
  /** When the first snapshot was complete. */
  beforeDone: string;
  /** Right after the run; null if there is no snapshot. */
  after: Snapshot | null;
  /** The number of other runs that were active in the repository. */
  others: number;
}

export interface RunFacts {
  evidence: Evidence;
  digest: DigestCollector;
  priorPrompts: string[];
  parseStats: ParseStats;
  /** Knows every secret of the run, also those whose first occurrence was not recognizable. */
  secrets: Redactor;
  /** The times of the run: its window, widened to all its events. */
  start: string | null;
  end: string | null;
}

/** Reads a run. Memory does not grow with the log. */
export async function readRunFacts({ log, head, range, window, root, home, observed }: RunSource): Promise<RunFacts> {
  const facts = new EvidenceCollector();
  const digest = new DigestCollector();
  const firstAction = new FirstAction();
  const secrets = new Redactor();
  const { stats } = await readEvents(log, range, (event) => {
    secrets.learn(event);
    firstAction.push(event);
    facts.push(event);
    digest.push(event);
  });
  const evidence = await facts.finish({ head, root, home, window, ...usableObservation(observed, firstAction.at) });
  const priorPrompts = await readPrompts(log, { from: 0, to: range.from }, PRIOR_PROMPTS);
  secrets.learn(priorPrompts);
  const start = earlier(window.start, evidence.firstAt);
  const end = later(window.end, evidence.lastAt);
  return { evidence, digest, priorPrompts, parseStats: stats, secrets, start, end };
}

/** The earliest time at which a run can have changed a file; null before its first action. */
class FirstAction {
  at: string | null = null;
  #lastAt: string | null = null;

  push(event: SessionEvent): void {
    const startedAt = event.kind === "command" ? (event.calledAt ?? event.startedAt) : null;
    // For other calls, only the end is known: they started after the event before them.
    if (event.kind === "command" || event.kind === "edit" || event.kind === "tool") {
      // The log reports the actions of a subagent later than they happened.
      this.at = earlier(this.at, startedAt ?? earlier(this.#lastAt, event.at));
    }
    this.#lastAt = event.at ?? this.#lastAt;
  }
}

/** A snapshot that was not complete before the first action shows neither state, and is not used. */
function usableObservation(observed: ObservedRepository | undefined, firstActionAt: string | null) {
  if (observed === undefined || firstActionAt === null) return {};
  const { before, beforeDone, after, others } = observed;
  return Date.parse(beforeDone) < Date.parse(firstActionAt) ? { before, after, others } : {};
}
