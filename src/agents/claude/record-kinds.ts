// Which lines of a session file matter, told from their first bytes. Most of a file are attachments and copies of
// requests; a line whose keys are in an order nobody has seen yet is always looked at.

/**
 * How a line of the conversation begins: plain values, up to the key that tells what it is. A value fits in a head that
 * is read as Latin-1: each byte of a folder's name is a character there.
 */
const OPENING =
  /^\{((?:"(?!type"|message"|attachment")\w{1,64}":(?:null|true|false|\d+|"[^"\\]{0,512}"),)+)"(type|message|attachment)":/;
/** Bookkeeping begins with its type. */
const TYPE_FIRST = /^\{"type":"([\w.-]{1,64})"/;
const CONVERSATION = ["user", "assistant", "system", "attachment"];
const TOOL_RESULT = /^"user","message":\{"role":"user","content":\[\{"(?:tool_use_id"|type":"tool_result")/;

/** Bookkeeping: it repeats what other lines tell, or tells nothing of the conversation. */
const NOISE = new Set(
  (
    "agent-color agent-name agent-setting ai-title api-request api-request-blob api-request-shape atis-latch " +
    "attribution-snapshot cost-state custom-title last-prompt mode " +
    "permission-mode pr-link progress queue-operation started summary tag tools-used worktree-state"
  ).split(" "),
);
/** What was noted of edited files: their first state, and all their states at a prompt. */
const NOTES = new Set(["file-history-delta", "file-history-snapshot"]);
/** What is told to the model beside the conversation. */
const NOISE_ATTACHMENTS = new Set(
  (
    "agent_listing_delta agent_mention already_read_file async_hook_response auto_mode auto_mode_exit budget_usd " +
    "command_permissions compact_file_reference critical_system_reminder current_session_memory date date_change " +
    "deferred_tools_delta deferred_tools_record diagnostics directory dynamic_skill edited_image_file edited_text_file environment file " +
    "ide_selection instructions invoked_skills lsp_diagnostics mcp_instructions_delta mcp_resource model " +
    "nested_memory new_diagnostics new_directories opened_file_in_ide output_style output_token_usage pdf_reference " +
    "plan_file_reference plan_mode plan_mode_exit plan_mode_reentry prompt_snapshot relevant_memories " +
    "remote_session_change selected_lines_in_ide session_context silent_turn_reminder skill_listing structured_output task_reminder " +
    "task_status team_context teammate_mailbox thinking_effort todo todo_reminder todos token_usage " +
    "ultramemory ultrathink_effort unified_tasks verify_plan_reminder"
  ).split(" "),
);

/** Whether a line is to be parsed, may be passed over, or is of a kind nobody has heard of: then `unknown` names it. */
export function useOfHead(head: string): "needed" | "noise" | { unknown: string } {
  const type = TYPE_FIRST.exec(head)?.[1];
  if (type !== undefined) return useOfType(type, head);
  const [opening = "", , key] = OPENING.exec(head) ?? [];
  const rest = head.slice(opening.length);
  if (key === "attachment") return useOfAttachment(/^\{"type":"([\w.-]{1,64})"/.exec(rest)?.[1] ?? null);
  return key === "type" && /^"(?:progress"|system","subtype":"turn_duration")/.test(rest) ? "noise" : "needed";
}

/** The same of a line that was parsed, for lines whose heads do not tell. */
export function useOfType(type: string, line: string): ReturnType<typeof useOfHead> {
  // What a task in the background tells waits in the queue; only there it stands when the session ends before.
  if (type === "queue-operation") return /"enqueue"[\s\S]*<task-notification>/.test(line) ? "needed" : "noise";
  if (CONVERSATION.includes(type) || isNote(type)) return "needed";
  return NOISE.has(type) ? "noise" : { unknown: type };
}

/** Whether a line notes states of edited files. */
export function isNote(type: string): boolean {
  return NOTES.has(type);
}

/** Queued prompts, notifications and what hooks said are part of the conversation. */
export function useOfAttachment(type: string | null): ReturnType<typeof useOfHead> {
  if (type === null || type === "queued_command" || type.startsWith("hook_")) return "needed";
  return NOISE_ATTACHMENTS.has(type) ? "noise" : { unknown: `attachment/${type}` };
}

/** Whether a line may be part of the conversation: only such lines tell the folder. */
export function mayBeConversation(head: string): boolean {
  const type = TYPE_FIRST.exec(head)?.[1];
  return type === undefined || CONVERSATION.includes(type);
}

/** Whether a line may tell of a prompt. */
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

/** Whether a line may be an answer of the model: only those tell of which session they were copied from. */
export function mayBeAnswer(head: string): boolean {
  const type = TYPE_FIRST.exec(head)?.[1];
  if (type !== undefined) return type === "assistant";
  const [opening, , key] = OPENING.exec(head) ?? [];
  return opening === undefined || key === "message" || head.slice(opening.length).startsWith('"assistant"');
}

/** The time of a line of bookkeeping, which stands at its beginning; lines of the conversation have theirs at the end. */
export function timestampOfHead(head: string): string | null {
  return /^\{"type":"[\w.-]{1,64}",(?:"operation":"\w+",)?"timestamp":"([^"\\]{1,40})"/.exec(head)?.[1] ?? null;
}

/** Whether a line is one of those that are parsed for their time alone. */
export function isTimed(head: string): boolean {
  const type = TYPE_FIRST.exec(head)?.[1];
  if (type !== undefined) return CONVERSATION.includes(type);
  // An attachment lies beside a line that has the same time, and may be large.
  return OPENING.exec(head)?.[2] !== "attachment" || mayBePrompt(head);
}
