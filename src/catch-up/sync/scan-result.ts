// The result of a scan: the runs to record in each repository, and the skipped sessions.
import type { NativeLog } from "../../sessions/native-logs.ts";
import type { Damage, PlannedRun, SkippedRuns } from "../planned-run.ts";
import type { Candidate } from "./choose-repository.ts";

/**
 * Why a session is skipped.
 * - `running`: it is still active
 * - `pending`: its run is pending, or `ctx recover` will finish it
 * - `several`: it fits several repositories, and the user did not choose
 * - `no-repository`: it fits none
 * - `no-changelog`: its repository has no changelog, and is neither the given one nor the current one
 * - `changelog-off`: the changelog of its repository is turned off
 * - `elsewhere`: it belongs to another repository than the given one
 */
export type SkipReason =
  | "running"
  | "pending"
  | "several"
  | "no-repository"
  | "no-changelog"
  | "changelog-off"
  | "elsewhere";

export interface SkippedSession {
  log: NativeLog;
  reason: SkipReason;
  /** The repository it belongs to, if it is known. */
  root: string | null;
  /** The repositories that fit. */
  candidates: Candidate[];
  /** A label made from its first prompt. */
  promptLabel: string | null;
}

/** The runs to record of one session, in the repository it belongs to. */
export interface SessionToRecord {
  log: NativeLog;
  root: string;
  runs: PlannedRun[];
}

export interface ScanResult {
  /** The number of logs, and of sessions that were active in the given time. */
  considered: number;
  sessions: number;
  /** The repositories that were searched. */
  roots: string[];
  found: SessionToRecord[];
  skippedSessions: SkippedSession[];
  skippedRuns: SkippedRuns;
  damaged: Damage[];
}
