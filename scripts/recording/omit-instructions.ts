// Removes the client's instructions from a log, because they are large and not ours to publish. Lines without
// instructions stay the same byte for byte.

type Json = { [key: string]: unknown };

export function omitInstructions(line: string): string {
  const record: { type: string; payload?: Json } = JSON.parse(line);
  if (record.payload === undefined) return line;
  const before = JSON.stringify(record);
  omitInPayload(record.type, record.payload);
  const after = JSON.stringify(record);
  return after === before ? line : after;
}

function omitInPayload(type: string, payload: Json): void {
  if (type === "session_meta") {
    if (payload.instructions) payload.instructions = "(base instructions omitted)";
    if (isObject(payload.base_instructions)) payload.base_instructions.text = "(base instructions omitted)";
  } else if (type === "turn_context") {
    if (payload.user_instructions) payload.user_instructions = "(user instructions omitted)";
  } else if (type === "world_state") {
    if (isObject(payload.state) && isObject(payload.state.host_skills) && payload.state.host_skills.body) {
      payload.state.host_skills.body = "(skills omitted)";
    }
  } else if (type === "response_item") omitInItem(payload);
  else if (type === "compacted" && Array.isArray(payload.replacement_history)) {
    for (const item of payload.replacement_history) omitInItem(item);
  }
}

function omitInItem(item: Json): void {
  if (Array.isArray(item.tools)) item.tools = item.tools.map(toolName);
  if (!Array.isArray(item.content)) return;
  for (const part of item.content) {
    if (typeof part.text !== "string") continue;
    if (item.role === "developer") part.text = omittedText(part.text);
    else part.text = part.text.replace(/(<INSTRUCTIONS>)[\s\S]*(<\/INSTRUCTIONS>)/, "$1(omitted)$2");
  }
}

/** Keeps the tag, which names the kind of instructions. A `turn_aborted` note is not an instruction. */
function omittedText(text: string): string {
  const tag = /^<([\w -]+)>/.exec(text)?.[1];
  if (tag === "turn_aborted") return text;
  const note = "(developer instructions omitted)";
  return tag === undefined ? note : `<${tag}>${note}</${tag}>`;
}

function toolName(tool: Json): Json {
  const { type, name, tools } = tool;
  return { type, name, ...(Array.isArray(tools) ? { tools: tools.map(toolName) } : {}) };
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null;
}
