// Which records of a rollout matter, told from their first bytes. The format is no contract (codex#45251): what is in
// none of these lists is counted.

/** Enough of a record to tell its time and its kind. */
export const KIND_BYTES = 192;

/** The head of a record that is there as a whole. */
export function headOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, KIND_BYTES)).toString("latin1");
}

/** What a record is: `type`, and `payload.type` where the payload has one. */
export interface Kind {
  type: string;
  payload: string | null;
}

type Use = "needed" | "noise" | "unknown";

/** The kind of a record as its head tells it, and what such records are good for. */
export interface KnownKind extends Kind {
  use: Use;
}

/** Events that hold something to report. */
const EVENTS = new Set([
  "user_message",
  "agent_message",
  "agent_reasoning",
  "task_started",
  "turn_started",
  "task_complete",
  "turn_complete",
  "turn_aborted",
  "thread_rolled_back",
  "item_completed",
  "entered_review_mode",
  "exited_review_mode",
  "exec_command_end",
  "patch_apply_end",
  "mcp_tool_call_end",
  "web_search_end",
  "error",
  "stream_error",
  "warning",
]);

/** Events that repeat something, or concern only Codex itself. */
const NOISE_EVENTS = new Set([
  "token_count",
  "agent_reasoning_raw_content",
  "agent_reasoning_section_break",
  "background_event",
  "collab_agent_interaction_end",
  "collab_agent_spawn_end",
  "collab_close_end",
  "collab_resume_end",
  "collab_waiting_end",
  "context_compacted",
  "deprecation_notice",
  "dynamic_tool_call_request",
  "dynamic_tool_call_response",
  "exec_command_begin",
  "guardian_assessment",
  "image_generation_end",
  "item_started",
  "mcp_tool_call_begin",
  "model_reroute",
  "model_verification",
  "patch_apply_begin",
  "plan_update",
  "shutdown_complete",
  "sub_agent_activity",
  "terminal_interaction",
  "thread_goal_updated",
  "thread_name_updated",
  "thread_settings_applied",
  "turn_diff",
  "view_image_tool_call",
]);

const ITEMS = new Set([
  "message",
  "reasoning",
  "function_call",
  "function_call_output",
  "custom_tool_call",
  "custom_tool_call_output",
  "local_shell_call",
  "local_shell_call_output",
  "web_search_call",
]);

const NOISE_ITEMS = new Set([
  "additional_tools",
  "agent_message",
  "compaction",
  "compaction_summary",
  "compaction_trigger",
  "context_compaction",
  "ghost_snapshot",
  "image_generation_call",
  "tool_search_call",
  "tool_search_output",
]);

const RECORDS = new Set(["turn_context", "compacted"]);

/** `session_meta` is read from the head of the file; a later one is copied history. */
const NOISE_RECORDS = new Set([
  "session_meta",
  "world_state",
  "token_usage_record",
  "inter_agent_communication",
  "inter_agent_communication_metadata",
]);

/** Whether a record is to be parsed, may be passed over, or is of a kind nobody has heard of. */
export function useOf(kind: Kind): Use {
  if (kind.type === "event_msg") return use(kind.payload, EVENTS, NOISE_EVENTS);
  if (kind.type === "response_item") return use(kind.payload, ITEMS, NOISE_ITEMS);
  return use(kind.type, RECORDS, NOISE_RECORDS);
}

/** A kind as the stats names it: `event_msg/item_completed`. */
export function nameOf(kind: Kind): string {
  return kind.payload === null ? kind.type : `${kind.type}/${kind.payload}`;
}

/** Whether a record without an envelope, as the oldest files have them, is a response item. */
export function isBareItem(type: string): boolean {
  return ITEMS.has(type) || NOISE_ITEMS.has(type);
}

const ENVELOPE =
  /\{(?:"timestamp":"[^"\\]{0,40}",)?(?:"ordinal":\d{1,15},)?"type":"[\w.-]{1,64}","payload":\{(?:"type":"[\w.-]{1,64}")?/y;
const TYPES = /^"type":"([^"]+)","payload":\{(?:"type":"([^"]+)")?$/;
const UNTYPED_PAYLOADS = new Set([...RECORDS, ...NOISE_RECORDS]);
/** Messages to the model that are neither the person's nor its own, and reasoning without a readable summary. */
const NOISE_HEADS =
  /"payload":\{"type":"(?:message",(?:"id":"[^"]*",)?"role":"(?:developer|system)"|reasoning",(?:"id":"[^"]*",)?"summary":\[\])/;

/** The few kinds there are, by how their types stand in a head: they come again and again. */
const kinds = new Map<string, KnownKind | null>();
/** A hostile log may invent a type for each of its records. */
const MOST_KINDS = 500;

/** What the first bytes of a record tell; null when the keys are in an order nobody has seen yet. */
export function kindOfHead(head: string): KnownKind | null {
  ENVELOPE.lastIndex = 0;
  if (!ENVELOPE.test(head)) return null;
  const types = head.slice(head.indexOf('"type":"'), ENVELOPE.lastIndex);
  const known = kinds.get(types);
  if (known !== undefined) return known;
  const kind = kindOfTypes(types);
  if (kinds.size >= MOST_KINDS) kinds.clear();
  kinds.set(types, kind);
  return kind;
}

function kindOfTypes(types: string): KnownKind | null {
  const [, type = "", payload = null] = TYPES.exec(types) ?? [];
  const untyped = UNTYPED_PAYLOADS.has(type);
  if (payload === null && !untyped) return null;
  const kind: Kind = { type, payload: untyped ? null : payload };
  return { ...kind, use: useOf(kind) };
}

/** Whether a needed kind of record is known from its head to hold nothing. */
export function isEmptyHead(head: string): boolean {
  return NOISE_HEADS.test(head);
}

const ROLE = /"payload":\{"type":"message",(?:"id":"[^"]*",)?"role":"(user|assistant)"/;

/** What a response item says, as far as its head tells; null where it says nothing, or the head does not tell. */
export function saidByHead({ payload }: Kind, head: string): "prompt" | "reply" | "thinking" | null {
  if (payload === "reasoning") return "thinking";
  const role = payload === "message" ? ROLE.exec(head)?.[1] : undefined;
  if (role === undefined) return null;
  return role === "user" ? "prompt" : "reply";
}

/** The kinds an item tells of as well, so that they need no parsing where items are the truth. */
export function isConversation(payload: string | null): boolean {
  return payload === "message" || payload === "reasoning" || payload === "web_search_call";
}

/** Whether a record may tell of a prompt, from its head. */
export function mayBePrompt(head: string): boolean {
  const kind = kindOfHead(head);
  if (kind === null) return true;
  if (kind.payload === "item_completed") return /"item":\{"type":"(?:UserMessage|userMessage|user_message)"/.test(head);
  if (kind.payload === "message") return !isEmptyHead(head) && !head.includes('"role":"assistant"');
  return kind.payload === "user_message";
}

/** The record's time, where it stands at its usual place. */
export function timestampOfHead(head: string): string | null {
  return /^\{"timestamp":"([^"\\]{1,40})"/.exec(head)?.[1] ?? null;
}

function use(name: string | null, needed: Set<string>, noise: Set<string>): Use {
  if (name === null) return "unknown";
  return needed.has(name) ? "needed" : noise.has(name) ? "noise" : "unknown";
}
