// Decides by the first bytes of a record of a session file whether the record is needed. Most of a file is attachments
// and copies of requests. A record whose keys are in an unusual order is always parsed.

/**
 * The beginning of a conversation record: keys with plain values, up to the key that tells its kind. Values may have
 * 512 characters because the first bytes are read as Latin-1: each byte of a directory name is a character.
 */
const OPENING =
  /^\{((?:"(?!type"|message"|attachment")\w{1,64}":(?:null|true|false|\d+|"[^"\\]{0,512}"),)+)"(type|message|attachment)":/;
/** A bookkeeping record begins with its type. */
const TYPE_FIRST = /^\{"type":"([\w.-]{1,64})"/;
const CONVERSATION = ["user", "assistant", "system", "attachment"];
const TOOL_RESULT = /^"user","message":\{"role":"user","content":\[\{"(?:tool_use_id"|type":"tool_result")/;

/** Bookkeeping that repeats other records or says nothing about the conversation. */
const IGNORED = words(
  "agent-color agent-name agent-setting ai-title api-request api-request-blob api-request-shape atis-latch " +
    "attribution-snapshot cost-state custom-title last-prompt mode permission-mode pr-link progress queue-operation " +
    "started summary tag tools-used worktree-state",
);
/** The state of a file before its first edit, and the states of all edited files at a prompt. */
const FILE_HISTORY = words("file-history-delta file-history-snapshot");
/** Context for the model that is not part of the conversation. */
const IGNORED_ATTACHMENTS = words(
  "agent_listing_delta agent_mention already_read_file async_hook_response auto_mode auto_mode_exit budget_usd " +
    "command_permissions compact_file_reference critical_system_reminder current_session_memory date date_change " +
    "deferred_tools_delta deferred_tools_record diagnostics directory dynamic_skill edited_image_file " +
    "edited_text_file environment file ide_selection instructions invoked_skills lsp_diagnostics " +
    "mcp_instructions_delta mcp_resource model nested_memory new_diagnostics new_directories opened_file_in_ide " +
    "output_style output_token_usage pdf_reference plan_file_reference plan_mode plan_mode_exit plan_mode_reentry " +
    "prompt_snapshot relevant_memories remote_session_change selected_lines_in_ide session_context " +
    "silent_turn_reminder skill_listing structured_output task_reminder task_status team_context teammate_mailbox " +
    "thinking_effort todo todo_reminder todos token_usage ultramemory ultrathink_effort unified_tasks " +
    "verify_plan_reminder",
);

/** Whether a record must be parsed; `unknown` names a kind that is on none of the lists. */
type Use = "needed" | "ignored" | { unknown: string };

/** The use of a record, judging by its first bytes. */
export function useOfHead(head: string): Use {
  const type = TYPE_FIRST.exec(head)?.[1];
  if (type !== undefined) return useOfType(type, head);
  const [opening = "", , key] = OPENING.exec(head) ?? [];
  const rest = head.slice(opening.length);
  if (key === "attachment") return useOfAttachment(/^\{"type":"([\w.-]{1,64})"/.exec(rest)?.[1] ?? null);
  return key === "type" && /^"(?:progress"|system","subtype":"turn_duration")/.test(rest) ? "ignored" : "needed";
}

/** The use of a record by its parsed type and its first bytes, for records whose first bytes do not show it. */
export function useOfType(type: string, start: string): Use {
  // Notifications of background tasks wait in the queue; when the session ends first, the log has them nowhere else.
  if (type === "queue-operation") return /"enqueue"[\s\S]*<task-notification>/.test(start) ? "needed" : "ignored";
  if (CONVERSATION.includes(type) || isFileHistory(type)) return "needed";
  return IGNORED.has(type) ? "ignored" : { unknown: type };
}

/** Whether a record holds states of edited files. */
export function isFileHistory(type: string): boolean {
  return FILE_HISTORY.has(type);
}

/** Queued prompts, notifications and the output of hooks are part of the conversation. */
export function useOfAttachment(type: string | null): Use {
  if (type === null || type === "queued_command" || type.startsWith("hook_")) return "needed";
  return IGNORED_ATTACHMENTS.has(type) ? "ignored" : { unknown: `attachment/${type}` };
}

/** Whether a record may be part of the conversation: only such records name the directory. */
export function mayBeConversation(head: string): boolean {
  const type = TYPE_FIRST.exec(head)?.[1];
  return type === undefined || CONVERSATION.includes(type);
}

/** Whether a record may contain a prompt. */
export function mayBePrompt(head: string): boolean {
  const type = TYPE_FIRST.exec(head)?.[1];
  if (type !== undefined) return type === "user" || type === "attachment";
  const match = OPENING.exec(head);
  if (match === null) return true;
  const [opening, values = "", key] = match;
  const rest = head.slice(opening.length);
  if (values.includes('"isSidechain":true')) return false;
  if (key === "attachment") return rest.startsWith('{"type":"queued_command"');
  return key === "type" && rest.startsWith('"user"') && !TOOL_RESULT.test(rest);
}

/** Whether a record may be a reply of the model: only replies name the session they were copied from. */
export function mayBeReply(head: string): boolean {
  const type = TYPE_FIRST.exec(head)?.[1];
  if (type !== undefined) return type === "assistant";
  const [opening, , key] = OPENING.exec(head) ?? [];
  return opening === undefined || key === "message" || head.slice(opening.length).startsWith('"assistant"');
}

/** The timestamp of a bookkeeping record, read from its first bytes. Conversation records have theirs at the end. */
export function timestampOfHead(head: string): string | null {
  return /^\{"type":"[\w.-]{1,64}",(?:"operation":"\w+",)?"timestamp":"([^"\\]{1,40})"/.exec(head)?.[1] ?? null;
}

/** Whether a record is worth parsing for its timestamp alone. */
export function isTimed(head: string): boolean {
  const type = TYPE_FIRST.exec(head)?.[1];
  if (type !== undefined) return CONVERSATION.includes(type);
  // An attachment may be large, and has the same time as the record beside it.
  return OPENING.exec(head)?.[2] !== "attachment" || mayBePrompt(head);
}

function words(text: string): Set<string> {
  return new Set(text.split(" "));
}
