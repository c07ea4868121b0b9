// A recorded session with texts as long as in real sessions. The recording has real records in a real order, but its texts
// are only a few words each.
import { readFile } from "node:fs/promises";

/** The sizes of successive command outputs, in bytes: mostly small, sometimes the maximum a model is shown. */
const OUTPUTS = [400, 1_500, 3_000, 6_000, 800, 12_000, 25_000];
const ADDED = 3_000;
const REPLY = 1_200;
/** Encrypted reasoning: one or two kilobytes for each of eleven requests, here in one piece. */
const ENCRYPTED = 16_000;

/** Fills outputs and added files with source code, and messages with documentation. */
export async function withRealisticTexts(recorded: string): Promise<string> {
  const code = await readFile("scripts/recording/record.ts", "utf8");
  const prose = await readFile("docs/architecture.md", "utf8");
  let printed = "";
  let commands = 0;
  const nextOutput = () => code.repeat(3).slice(0, OUTPUTS[commands++ % OUTPUTS.length]);
  const fillItem = (item: Item) => {
    if (item.aggregated_output !== undefined) {
      item.aggregated_output += nextOutput();
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
      // Versions without items log an output once.
      if (typeof payload.output === "string") {
        if (payload.type === "function_call_output") payload.output += nextOutput();
        return JSON.stringify(record);
      }
      if (payload.encrypted_content !== undefined) payload.encrypted_content = "gAAAAABo".repeat(ENCRYPTED / 8);
      // An output is logged twice: in its item, and in the answer to the model.
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
