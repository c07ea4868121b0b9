// Takes out of a log what is not ours to publish and not worth its size: the instructions that come with the client.
// Everything else stays as it was written, byte for byte where the line holds none of it.

type Json = { [key: string]: unknown };

/** Shortens one line of a rollout. */
export function shortenLine(line: string): string {
  const record: { type: string; payload?: Json } = JSON.parse(line);
  if (record.payload === undefined) return line;
  const before = JSON.stringify(record);
  shortenPayload(record.type, record.payload);
  const after = JSON.stringify(record);
  return after === before ? line : after;
}

function shortenPayload(type: string, payload: Json): void {
  if (type === "session_meta") {
    if (payload.instructions) payload.instructions = "(base instructions omitted)";
    if (isObject(payload.base_instructions)) payload.base_instructions.text = "(base instructions omitted)";
  } else if (type === "turn_context") {
    if (payload.user_instructions) payload.user_instructions = "(user instructions omitted)";
  } else if (type === "world_state") {
    if (isObject(payload.state) && isObject(payload.state.host_skills) && payload.state.host_skills.body) {
      payload.state.host_skills.body = "(skills omitted)";
    }
  } else if (type === "response_item") shortenItem(payload);
  else if (type === "compacted" && Array.isArray(payload.replacement_history)) {
    for (const item of payload.replacement_history) shortenItem(item);
  }
}

function shortenItem(item: Json): void {
  if (Array.isArray(item.tools)) item.tools = item.tools.map(toolName);
  if (!Array.isArray(item.content)) return;
  for (const part of item.content) {
    if (typeof part.text !== "string") continue;
    if (item.role === "developer") part.text = omitted(part.text);
    else part.text = part.text.replace(/(<INSTRUCTIONS>)[\s\S]*(<\/INSTRUCTIONS>)/, "$1(omitted)$2");
  }
}

/** Keeps the tag that tells what kind of instructions they were. That a turn was aborted is no instruction. */
function omitted(text: string): string {
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
