// What is known of one run before anybody puts it into words: its events read once, for facts and for the digest.
import { EvidenceCollector } from "../evidence/collect.ts";
import { DigestCollector } from "../evidence/digest.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { SessionHead, Tally } from "../sessions/events.ts";
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
}

export interface RunFacts {
  evidence: Evidence;
  digest: DigestCollector;
  priorPrompts: string[];
  tally: Tally;
  /** When the run began and ended: its window, widened to every event in it. */
  start: string | null;
  end: string | null;
}

/** Reads a run. Memory does not grow with the log. */
export async function readRunFacts({ log, head, range, window, root, home }: RunSource): Promise<RunFacts> {
  const facts = new EvidenceCollector();
  const digest = new DigestCollector();
  const { tally } = await readEvents(log, range, (event) => {
    facts.push(event);
    digest.push(event);
  });
  const evidence = await facts.finish({ head, root, home, window });
  const priorPrompts = await readPrompts(log, { from: 0, to: range.from }, PRIOR_PROMPTS);
  const start = earlier(window.start, evidence.firstAt);
  const end = later(window.end, evidence.lastAt);
  return { evidence, digest, priorPrompts, tally, start, end };
}

function earlier(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return Date.parse(b) < Date.parse(a) ? b : a;
}

function later(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return Date.parse(b) > Date.parse(a) ? b : a;
}
