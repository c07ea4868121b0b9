// Decides by the first bytes of a record of a rollout whether the record is needed. OpenAI gives no guarantee for the
// format (openai/codex#45251): a kind that is on none of these lists is counted as unknown.

/** The length of a record's head: enough for its time and its kind. */
export const KIND_BYTES = 192;

/** The head of a complete record, as Latin-1. */
export function headOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, KIND_BYTES)).toString("latin1");
}

/** The `type` of a record, and its `payload.type` where the payload has one. */
export interface Kind {
  type: string;
  payload: string | null;
}

type Use = "needed" | "ignored" | "unknown";

export interface KnownKind extends Kind {
  use: Use;
}

const EVENTS = words(
  "user_message agent_message agent_reasoning task_started turn_started task_complete turn_complete turn_aborted " +
    "thread_rolled_back item_completed entered_review_mode exited_review_mode exec_command_end patch_apply_end " +
    "mcp_tool_call_end web_search_end error stream_error warning",
);

/** Events that repeat other records, or concern only Codex itself. */
const IGNORED_EVENTS = words(
  "token_count agent_reasoning_raw_content agent_reasoning_section_break background_event " +
    "collab_agent_interaction_end collab_agent_spawn_end collab_close_end collab_resume_end collab_waiting_end " +
    "context_compacted deprecation_notice dynamic_tool_call_request dynamic_tool_call_response exec_command_begin " +
    "guardian_assessment image_generation_end item_started mcp_tool_call_begin model_reroute model_verification " +
    "patch_apply_begin plan_update shutdown_complete sub_agent_activity terminal_interaction thread_goal_updated " +
    "thread_name_updated thread_settings_applied turn_diff view_image_tool_call",
);

const ITEMS = words(
  "message reasoning function_call function_call_output custom_tool_call custom_tool_call_output local_shell_call " +
    "local_shell_call_output web_search_call",
);

const IGNORED_ITEMS = words(
  "additional_tools agent_message compaction compaction_summary compaction_trigger context_compaction ghost_snapshot " +
    "image_generation_call tool_search_call tool_search_output",
);

const RECORDS = words("turn_context compacted");

/** The file's own `session_meta` is read separately; a later one belongs to copied history. */
const IGNORED_RECORDS = words(
  "session_meta world_state token_usage_record inter_agent_communication inter_agent_communication_metadata",
);

export function useOf(kind: Kind): Use {
  if (kind.type === "event_msg") return lookUp(kind.payload, EVENTS, IGNORED_EVENTS);
  if (kind.type === "response_item") return lookUp(kind.payload, ITEMS, IGNORED_ITEMS);
  return lookUp(kind.type, RECORDS, IGNORED_RECORDS);
}

/** The kind as the parse statistics name it: `event_msg/item_completed`. */
export function nameOf(kind: Kind): string {
  return kind.payload === null ? kind.type : `${kind.type}/${kind.payload}`;
}

/** Whether a record without an envelope, as in the oldest files, is a response item. */
export function isBareItem(type: string): boolean {
  return ITEMS.has(type) || IGNORED_ITEMS.has(type);
}

const ENVELOPE =
  /\{(?:"timestamp":"[^"\\]{0,40}",)?(?:"ordinal":\d{1,15},)?"type":"[\w.-]{1,64}","payload":\{(?:"type":"[\w.-]{1,64}")?/y;
const TYPES = /^"type":"([^"]+)","payload":\{(?:"type":"([^"]+)")?$/;
const UNTYPED_PAYLOADS = new Set([...RECORDS, ...IGNORED_RECORDS]);
/** Matches messages that neither the person nor the model wrote, and reasoning without a readable summary. */
const EMPTY_HEADS =
  /"payload":\{"type":"(?:message",(?:"id":"[^"]*",)?"role":"(?:developer|system)"|reasoning",(?:"id":"[^"]*",)?"summary":\[\])/;

/** Caches kinds by the text of their types: a log has few of them, and repeats them often. */
const kinds = new Map<string, KnownKind | null>();
/** A hostile log may invent a type for each of its records. */
const MAX_KINDS = 500;

/** The kind of a record, read from its first bytes; null when its keys are in an unusual order. */
export function kindOfHead(head: string): KnownKind | null {
  ENVELOPE.lastIndex = 0;
  if (!ENVELOPE.test(head)) return null;
  const types = head.slice(head.indexOf('"type":"'), ENVELOPE.lastIndex);
  const known = kinds.get(types);
  if (known !== undefined) return known;
  const kind = kindOfTypes(types);
  if (kinds.size >= MAX_KINDS) kinds.clear();
  kinds.set(types, kind);
  return kind;
}

function kindOfTypes(types: string): KnownKind | null {
  const [, type = "", payload = null] = TYPES.exec(types) ?? [];
  const isUntyped = UNTYPED_PAYLOADS.has(type);
  if (payload === null && !isUntyped) return null;
  const kind: Kind = { type, payload: isUntyped ? null : payload };
  return { ...kind, use: useOf(kind) };
}

/** Whether a record of a needed kind is empty, as far as its first bytes show. */
export function isEmptyHead(head: string): boolean {
  return EMPTY_HEADS.test(head);
}

const ROLE = /"payload":\{"type":"message",(?:"id":"[^"]*",)?"role":"(user|assistant)"/;

/** The kind of message in a response item; null when it is not a message, or its first bytes do not show the role. */
export function messageKindOfHead({ payload }: Kind, head: string): "prompt" | "reply" | "thinking" | null {
  if (payload === "reasoning") return "thinking";
  const role = payload === "message" ? ROLE.exec(head)?.[1] : undefined;
  if (role === undefined) return null;
  return role === "user" ? "prompt" : "reply";
}

/** Whether completed items repeat response items of this kind. */
export function isRepeatedByItems(payload: string | null): boolean {
  return payload === "message" || payload === "reasoning" || payload === "web_search_call";
}

/** Whether a record may contain a prompt, judging by its first bytes. */
export function mayBePrompt(head: string): boolean {
  const kind = kindOfHead(head);
  if (kind === null) return true;
  if (kind.payload === "item_completed") return /"item":\{"type":"(?:UserMessage|userMessage|user_message)"/.test(head);
  if (kind.payload === "message") return !isEmptyHead(head) && !head.includes('"role":"assistant"');
  return kind.payload === "user_message";
}

/** The timestamp of a record, read from its first bytes; null when it is not the first key. */
export function timestampOfHead(head: string): string | null {
  return /^\{"timestamp":"([^"\\]{1,40})"/.exec(head)?.[1] ?? null;
}

function lookUp(name: string | null, needed: Set<string>, ignored: Set<string>): Use {
  if (name === null) return "unknown";
  return needed.has(name) ? "needed" : ignored.has(name) ? "ignored" : "unknown";
}

function words(text: string): Set<string> {
  return new Set(text.split(" "));
}
