// A run as a session directory describes it, before its log is read.
import type { Tool } from "../../sessions/events.ts";

export interface DescribedRun {
  /** The session directory, absolute. */
  directory: string;
  tool: Tool;
  /** Null where only the log tells. */
  sessionId: string | null;
  label: string;
  /** The window it was exported by; of a directory that keeps no books, when its log ends. */
  start: string | null;
  end: string | null;
  /** Where it lies in the log; null for a run of the ancestor, which knew no positions. */
  position: RunPosition | null;
  /** What the ancestor called it. */
  ancestorRunId: string | null;
  /** Whether the books of the directory tell of it; else it is all its log holds. */
  isStated: boolean;
  /** Whether it is known to hold nothing to tell of. */
  isNothing: boolean;
}

export interface RunPosition {
  runId: string;
  from: number;
  to: number;
  /** Hashes of the log's bytes before either, by which the log they are of is told. */
  prefixHash: string | null;
  endHash: string | null;
  continuationOf: string | null;
  /** When it began and ended by the log's own times, should the log have been rewritten. */
  firstAt: string | null;
  lastAt: string | null;
}
