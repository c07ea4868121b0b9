// What a session directory, a changelog or a native log says about a run, before the run's records are read.
import type { Tool } from "../agents/tool.ts";

export interface RunDescription {
  /** The session directory, absolute; null if the session has none. */
  directory: string | null;
  /** The native log, if it is known; otherwise it is searched for. */
  log: string | null;
  tool: Tool;
  /** Null if only the log contains it. */
  sessionId: string | null;
  label: string;
  /** A label made from the first prompt, for a run that has no label of its own. */
  promptLabel?: string | null;
  /** The time window that was exported; without export records, `end` is the time of the log's last record. */
  start: string | null;
  end: string | null;
  /** Where the run is in the log; null for version 1, which recorded no positions. */
  position: RunPosition | null;
  /** The id from an export record of version 1 or from an entry, if there is no position to compute it from. */
  existingRunId: string | null;
  /** Whether the window is known; otherwise the run covers its whole log. */
  hasWindow: boolean;
  /** Whether the run is known to contain nothing that an entry could report. */
  isEmpty: boolean;
}

export interface RunPosition {
  runId: string;
  from: number;
  to: number;
  /** Hashes of the log's bytes before `from` and before `to`: they show whether a log is unchanged. */
  prefixHash: string | null;
  endHash: string | null;
  continuationOf: string | null;
  /** Times of its first and last record, in case the log was rewritten. */
  firstAt: string | null;
  lastAt: string | null;
}
