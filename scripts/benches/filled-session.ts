// A recorded session with as much text in it as real ones hold. It was recorded against an endpoint that says little, in
// a repository that holds little: its records and their order are real, but the texts in them are a few words each.
import { readFile } from "node:fs/promises";

/** What commands print, in bytes, one after the other: mostly little, now and then all that a model is shown. */
const OUTPUTS = [400, 1_500, 3_000, 6_000, 800, 12_000, 25_000];
const ADDED = 3_000;
const REPLY = 1_200;
/** Reasoning that only the model can read: a kilobyte or two for each of eleven requests, here in one piece. */
const ENCRYPTED = 16_000;

/** The same records: what was printed and added is code of ours, what was said a document of ours. */
export async function fillSession(recorded: string): Promise<string> {
  const code = await readFile("src/agents/codex/parse.ts", "utf8");
  const prose = await readFile("docs/architecture.md", "utf8");
  let printed = "";
  let commands = 0;
  const more = () => code.repeat(3).slice(0, OUTPUTS[commands++ % OUTPUTS.length]);
  const fillItem = (item: Item) => {
    if (item.aggregated_output !== undefined) {
      item.aggregated_output += more();
      printed = item.aggregated_output;
    }
    for (const change of Object.values(item.changes ?? {})) {
      if (change.content !== undefined) change.content += code.slice(0, ADDED);
    }
    if (item.type === "AgentMessage") fillMessage(item);
  };
  const fillMessage = ({ content = [] }: Message) => {
    for (const part of content) part.text += `\n\n${prose.slice(0, REPLY)}`;
  };
  const filled = recorded
    .trimEnd()
    .split("\n")
    .map((line) => {
      const record: { payload: Payload } = JSON.parse(line);
      const { payload } = record;
      if (payload.item !== undefined) fillItem(payload.item);
      if (payload.role === "assistant") fillMessage(payload);
      if (payload.type === "agent_message") payload.message += `\n\n${prose.slice(0, REPLY)}`;
      // Before there were items it is in the log once.
      if (typeof payload.output === "string") {
        if (payload.type === "function_call_output") payload.output += more();
        return JSON.stringify(record);
      }
      if (payload.encrypted_content !== undefined) payload.encrypted_content = "gAAAAABo".repeat(ENCRYPTED / 8);
      // What a command printed is in the log twice: as its item, and as the answer to the model.
      for (const part of payload.output ?? []) {
        if (part.text.startsWith('{"chunk_id"'))
          part.text = JSON.stringify({ ...JSON.parse(part.text), output: printed });
      }
      return JSON.stringify(record);
    });
  return `${filled.join("\n")}\n`;
}

interface Message {
  content?: { text: string }[];
}

interface Item extends Message {
  type: string;
  aggregated_output?: string;
  changes?: Record<string, { content?: string }>;
}

interface Payload extends Message {
  type?: string;
  role?: string;
  message?: string;
  item?: Item;
  output?: string | { text: string }[];
  encrypted_content?: string;
}
