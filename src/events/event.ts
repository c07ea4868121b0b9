// What happened in a session, in one form for all tools. The parser of each agent yields these events, with each call
// paired with its result.

/** The fields of every event. */
interface EventBase {
  /** When the record that completed the event was written, ISO 8601 UTC; null if the log has no time. */
  at: string | null;
  /** Byte offset of the event's first record in the uncompressed log. */
  offset: number;
  /** The tool's own turn id; null if the log has none. */
  turn: string | null;
  /** The subagent the event belongs to; null for the session itself. */
  agent: string | null;
}

/** A prompt that a person gave. Context that the tool or an editor adds is not a prompt. */
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

/** Reasoning that the tool shows, sometimes only a summary. */
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
 * - `unknown`: it ended, but the log does not say how
 */
export type Outcome = "ok" | "failed" | "refused" | "interrupted" | "running" | "unknown";

/** A shell command and its result. */
export interface CommandEvent extends EventBase {
  kind: "command";
  id: string;
  /** The shell source as the person would have typed it: without `bash -lc`. */
  command: string;
  /** Absolute working directory, without percent-encoding; null if the log does not say. */
  cwd: string | null;
  outcome: Outcome;
  exitCode: number | null;
  /** Standard output and error as the tool merged them; may be truncated by the tool. */
  output: string;
  /** When the command started, ISO 8601 UTC; the call's own time if nothing better is known. */
  startedAt: string | null;
  /** When the command was called, ISO 8601 UTC, if before `startedAt`: a busy machine records the start late. */
  calledAt?: string;
  durationMs: number | null;
  /** Files that the tool saw change while the command ran; absent if it does not observe files. */
  observedChanges?: ObservedChange[];
}

/** A file that changed while a command ran. Another process may have changed it: this is a hint, not proof. */
export interface ObservedChange {
  /** The absolute path. */
  path: string;
  /** `unknown` for files beyond the first few, of which the tool gives no details. */
  how: "created" | "changed" | "deleted" | "unknown";
}

/** One file in a structured edit. Paths are as in the log: absolute, or relative to `cwd` of the event. */
export interface FileChange {
  type: "add" | "update" | "delete";
  path: string;
  /** The new path, if the update moved the file. */
  movedTo: string | null;
  /** Unified diff of an update, or the whole text of an added file; null if the log has neither. */
  diff: string | null;
}

/** A structured edit: a patch, a file-change item, a structured diff. */
export interface EditEvent extends EventBase {
  kind: "edit";
  id: string;
  cwd: string | null;
  outcome: Outcome;
  changes: FileChange[];
  /** Why it failed; null if it did not. */
  error: string | null;
}

/** Any other tool call: MCP, plan updates, unknown tools. */
export interface ToolEvent extends EventBase {
  kind: "tool";
  id: string;
  name: string;
  /** The call's arguments: parsed if they are JSON, else the text. */
  input: unknown;
  outcome: Outcome;
  output: string;
  /** Images in the call's result; absent if there are none. */
  images?: ImageRef[];
}

/** A web search the tool made. */
export interface SearchEvent extends EventBase {
  kind: "search";
  query: string;
}

/** The tool summarized the conversation to make room in the model's context. */
export interface CompactionEvent extends EventBase {
  kind: "compaction";
  summary: string | null;
}

/** The person went back in the conversation, or restored files. */
export interface RewindEvent extends EventBase {
  kind: "rewind";
  /** The prompt, counted from 1, that later events replace; null if the conversation continues unchanged. */
  prompt: number | null;
  /** Files restored to their state before the session edited them: absolute paths. */
  restored: string[];
}

/** The model that answers from here on. */
export interface ModelEvent extends EventBase {
  kind: "model";
  model: string;
}

/** An interruption, an API error or a warning: shown, but not part of what the assistant says. */
export interface NoticeEvent extends EventBase {
  kind: "notice";
  level: "info" | "error";
  text: string;
  /** Who wrote the text, if not the tool itself: a hook, or a command of the tool's terminal UI (`screen`). */
  by?: "hook" | "screen";
}

/** The tokens used in the session so far. */
export interface UsageEvent extends EventBase {
  kind: "usage";
  inputTokens: number;
  outputTokens: number;
}

/** An image of a prompt or a result: its data URL or path, as in the log. */
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
