// Which lines of a session file matter, told from their first bytes. Most of a file are attachments and copies of
// requests; a line whose keys are in an order nobody has seen yet is always looked at.

/** How a line of the conversation begins, up to the key that tells what it is. */
const OPENING =
  /^\{"parentUuid":(?:null|"[^"\\]{0,64}"),(?:"logicalParentUuid":(?:null|"[^"\\]{0,64}"),)?"isSidechain":(true|false),(?:"promptId":"[^"\\]{0,64}",)?"(type|message|attachment)":/;
/** Bookkeeping begins with its type. */
const TYPE_FIRST = /^\{"type":"([\w.-]{1,64})"/;
const CONVERSATION = ["user", "assistant", "system", "attachment"];
const TOOL_RESULT = /^"user","message":\{"role":"user","content":\[\{"(?:tool_use_id"|type":"tool_result")/;

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
  const [opening, sidechain, key] = match;
  const rest = head.slice(opening.length);
  if (sidechain === "true") return false;
  if (key === "attachment") return rest.startsWith('{"type":"queued_command"');
  return key === "type" && rest.startsWith('"user"') && !TOOL_RESULT.test(rest);
}

/** Whether a line may be an answer of the model: only those tell of which session they were copied from. */
export function mayBeAnswer(head: string): boolean {
  const type = TYPE_FIRST.exec(head)?.[1];
  return type === undefined ? OPENING.exec(head)?.[2] === "message" : type === "assistant";
}
