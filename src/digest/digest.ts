// The digest: the bounded, deterministic JSON document that an evaluator reads. It holds prompts, replies, calls and
// facts, and no command output except the last lines of failed calls. Events hold no injected context, so neither does
// the digest.
import type { Tool } from "../agents/tool.ts";
import type { Outcome } from "../events/event.ts";
import type { DigestFacts, Omitted } from "./facts.ts";

/** One item of the timeline. Calls have their outcome; only failed ones have the last lines of their output. */
export type DigestItem =
  | { prompt: string; images?: number }
  | { reply: string }
  | { command: string; outcome: Outcome; exit_code?: number; output_tail?: string; subagent?: true }
  | { edit: string[]; more_paths?: number; outcome: Outcome; error_tail?: string; subagent?: true }
  | { tool: string; outcome: Outcome; output_tail?: string; subagent?: true }
  | { search: string }
  | { notice: string };

/** What competes for room in a digest, in the order in which it is omitted. */
export const ITEM_KINDS = ["calls", "replies", "edits", "failures", "prompts"] as const;
export type ItemKind = (typeof ITEM_KINDS)[number];

export function kindOf(item: DigestItem): ItemKind {
  if ("prompt" in item) return "prompts";
  if ("reply" in item) return "replies";
  if ("notice" in item) return "failures";
  if ("search" in item) return "calls";
  if (item.outcome === "failed" || item.outcome === "interrupted") return "failures";
  return "edit" in item ? "edits" : "calls";
}

export interface Digest {
  schema: "ctx-digest-1";
  about: { tool: Tool; label: string; project: string; start: string | null; end: string | null };
  prior_prompts: string[];
  timeline: DigestItem[];
  facts: DigestFacts;
  /** How many of each kind were omitted. */
  omitted: Omitted;
  /** How many secrets were removed. */
  redactions: number;
}

/**
 * A value as JSON that is safe inside a prompt. `<` and `>` are escaped, so that no text closes the tags around the
 * digest; `$`, because Codex replaces `$name` with the skill of that name; `@`, because Claude Code inserts the file
 * that `@path` names; and the line separators of Unicode.
 */
export function digestJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>$@\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

export function digestBytes(value: unknown): number {
  return Buffer.byteLength(digestJson(value));
}
