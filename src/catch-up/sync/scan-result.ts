// What a look through the logs comes to: what is to be recorded where, and what is left alone and why.
import type { NativeLog } from "../../sessions/native-logs.ts";
import type { PlannedRun } from "../plan.ts";
import type { Damage } from "../run-queue.ts";
import type { Candidate } from "./choose-repository.ts";

/**
 * Why a session is left alone.
 * - `running`: somebody works in it
 * - `pending`: `ctx` is at its run, or `ctx recover` is to finish it
 * - `several`: more than one repository fits, and nobody chose
 * - `no-repository`: nothing it did tells of one
 * - `no-changelog`: its repository keeps no changelog, and was neither named nor is it where we are
 * - `changelog-off`: a changelog is turned off there
 * - `elsewhere`: it belongs to another repository than the one that was named
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
  /** The repository it belongs to, where that is known. */
  root: string | null;
  /** The repositories that fit. */
  candidates: Candidate[];
  /** The first words it was asked. */
  promptLabel: string | null;
}

/** A session with something to record, in the repository it belongs to. */
export interface SessionToRecord {
  log: NativeLog;
  root: string;
  runs: PlannedRun[];
}

export interface ScanResult {
  /** How many logs there are, and how many sessions were worked on within the time. */
  considered: number;
  sessions: number;
  /** The repositories that were looked into. */
  roots: string[];
  found: SessionToRecord[];
  skippedSessions: SkippedSession[];
  skippedRuns: { recorded: number; "only-builtin": number; "failed-before": number; nothing: number };
  damaged: Damage[];
}
