// The one event union. Codex and Claude Code differ in everything; each reader's only job is to yield these,
// calls already paired with their results. Transcript and evidence consume them and know no tool.

/** What every event carries. */
interface EventBase {
  /** When the record that completed the event was written, ISO 8601 UTC; null where the log has no time. */
  at: string | null;
  /** Byte offset, in the uncompressed log, of the record the event began in. */
  offset: number;
  /** The tool's own turn id, where the log has one. */
  turn: string | null;
  /** The subagent the event belongs to; null for the session itself. */
  agent: string | null;
}

/** A prompt a person gave. Injected context is never a prompt. */
export interface PromptEvent extends EventBase {
  kind: "prompt";
  text: string;
  images: ImageRef[];
}

/** What the model said to the person. */
export interface ReplyEvent extends EventBase {
  kind: "reply";
  text: string;
}

/** Reasoning the tool shows (a summary, for Codex). */
export interface ThinkingEvent extends EventBase {
  kind: "thinking";
  text: string;
}

/**
 * How a call ended.
 * - `ok`: it ran and succeeded
 * - `failed`: it ran and failed
 * - `refused`: it never ran (policy, sandbox, denial)
 * - `interrupted`: it was stopped while it ran
 * - `running`: the log ends before its result
 * - `unknown`: it ended, but the log does not tell how
 */
export type Outcome = "ok" | "failed" | "refused" | "interrupted" | "running" | "unknown";

/** A shell command and what came of it. */
export interface CommandEvent extends EventBase {
  kind: "command";
  id: string;
  /** The shell source as the person would have typed it: without `bash -lc`. */
  command: string;
  /** Absolute working directory, percent-decoding done; null where the log does not tell. */
  cwd: string | null;
  outcome: Outcome;
  exitCode: number | null;
  /** Standard output and error as the tool merged them; may be cut by the tool. */
  output: string;
  /** When the command started, ISO 8601 UTC; the call's own time where nothing better is known. */
  startedAt: string | null;
  /** When the command was called, ISO 8601 UTC, where that was before: on a busy machine a start is noted late. */
  calledAt?: string;
  durationMs: number | null;
  /** Files that the tool saw change while the command ran; absent where it does not look. */
  observedChanges?: ObservedChange[];
}

/** A file that was another one after a command. Anybody may have changed it meanwhile: this is no proof, but a hint. */
export interface ObservedChange {
  /** Absolute. */
  path: string;
  /** `unknown`: of many files only the first are told in full. */
  how: "created" | "changed" | "deleted" | "unknown";
}

/** One file in a structured edit. Paths are as the log has them: absolute, or relative to `cwd` of the event. */
export interface FileChange {
  type: "add" | "update" | "delete";
  path: string;
  /** Where an update moved the file to. */
  movedTo: string | null;
  /** Unified diff of an update, or the whole text of an added file, where the log has it. */
  diff: string | null;
}

/** A structured edit: a patch, a file-change item, a structured diff. */
export interface EditEvent extends EventBase {
  kind: "edit";
  id: string;
  cwd: string | null;
  outcome: Outcome;
  changes: FileChange[];
  /** Why it failed, where it did. */
  error: string | null;
}

/** Any other tool call: MCP, plan updates, unknown tools. */
export interface ToolEvent extends EventBase {
  kind: "tool";
  id: string;
  name: string;
  /** The call's arguments: parsed JSON where they parse, else the text. */
  input: unknown;
  outcome: Outcome;
  output: string;
  /** Images of its result; absent where there are none. */
  images?: ImageRef[];
}

/** A web search the tool made. */
export interface SearchEvent extends EventBase {
  kind: "search";
  query: string;
}

/** The tool summarised its own history to make room. */
export interface CompactionEvent extends EventBase {
  kind: "compaction";
  summary: string | null;
}

/** The person took something back. */
export interface RewindEvent extends EventBase {
  kind: "rewind";
  /** What follows stands in place of this prompt, counted from 1; null where the conversation goes on as it was. */
  prompt: number | null;
  /** Files that are as they were before the session edited them: absolute paths. */
  restored: string[];
}

/** The model, or its settings, from here on. */
export interface ModelEvent extends EventBase {
  kind: "model";
  model: string;
}

/** An interruption, an API error, a warning: shown, never counted as a statement of the assistant. */
export interface NoticeEvent extends EventBase {
  kind: "notice";
  level: "info" | "error";
  text: string;
  /** Whose words they are, if not the tool's own: a hook's, or those of a command of its screen. */
  by?: "hook" | "screen";
}

/** Tokens of the session so far. */
export interface UsageEvent extends EventBase {
  kind: "usage";
  inputTokens: number;
  outputTokens: number;
}

/** An image of a prompt or a result: its data URL or path as the log has it. */
export interface ImageRef {
  url: string;
}

export type SessionEvent =
  | PromptEvent
  | ReplyEvent
  | ThinkingEvent
  | CommandEvent
  | EditEvent
  | ToolEvent
  | SearchEvent
  | CompactionEvent
  | RewindEvent
  | ModelEvent
  | NoticeEvent
  | UsageEvent;
