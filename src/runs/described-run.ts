// A run as a session directory, a changelog or a native log describes it, before its log is read.
import type { Tool } from "../agents/tool.ts";

export interface DescribedRun {
  /** The session directory, absolute; null where the session has none. */
  directory: string | null;
  /** The tool's own log, where it is known; else it is looked for. */
  log: string | null;
  tool: Tool;
  /** Null where only the log tells. */
  sessionId: string | null;
  label: string;
  /** The first words it was asked, where that was looked for: what it is called when nobody labelled it. */
  promptLabel?: string | null;
  /** The window it was exported by; of a directory that keeps no books, when its log ends. */
  start: string | null;
  end: string | null;
  /** Where it lies in the log; null for a run of the ancestor, which knew no positions. */
  position: RunPosition | null;
  /** What it is called where its position does not tell: by the ancestor, or by an entry. */
  existingRunId: string | null;
  /** Whether something tells when it was; else it is all its log holds. */
  hasWindow: boolean;
  /** Whether it is known to hold nothing to tell of. */
  isEmpty: boolean;
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
