import { afterEach, expect, test } from "bun:test";
import { type MessagesEndpoint, type MessagesScript, startMessagesEndpoint } from "./messages-endpoint.ts";

let endpoint: MessagesEndpoint | null = null;
afterEach(async () => {
  await endpoint?.stop();
  endpoint = null;
});

const BODY = { model: "m", max_tokens: 100, tools: [{ name: "Bash" }], messages: [] };

async function ask(script: MessagesScript, body: Record<string, unknown> = BODY, path = "/v1/messages") {
  endpoint ??= await startMessagesEndpoint(script);
  const response = await fetch(`${endpoint.url}${path}`, { method: "POST", body: JSON.stringify(body) });
  return { status: response.status, text: await response.text() };
}

test("the last step answers all further requests", async () => {
  const script: MessagesScript = [{ say: "one" }, { say: "two" }];
  const answers = [await ask(script), await ask(script), await ask(script)];
  expect(answers.map(({ text }) => /"text":"(\w+)"/.exec(text)?.[1])).toEqual(["one", "two", "two"]);
  expect(endpoint?.requests).toHaveLength(3);
});

test("requests outside the conversation use no step", async () => {
  const script: MessagesScript = [{ say: "one" }, { say: "two" }];
  expect((await ask(script, { ...BODY, tools: [] })).text).toContain('"text":"ok"');
  expect((await ask(script, { ...BODY, max_tokens: 1 })).text).toContain('"text":"ok"');
  expect(JSON.parse((await ask(script, BODY, "/v1/messages/count_tokens")).text)).toHaveProperty("input_tokens");
  expect((await ask(script)).text).toContain('"text":"one"');
});

test("a streamed answer has the same content as a whole one", async () => {
  const script: MessagesScript = [{ run: "ls", think: "look" }];
  const { content, stop_reason } = JSON.parse((await ask(script)).text);
  expect(stop_reason).toBe("tool_use");
  expect(content).toMatchObject([
    { type: "thinking", thinking: "look" },
    { type: "tool_use", name: "Bash", input: { command: "ls" } },
  ]);
  const { text } = await ask(script, { ...BODY, stream: true });
  expect([...text.matchAll(/^event: (\w+)$/gm)].map(([, type]) => type)).toEqual([
    "message_start",
    ...["content_block_start", "content_block_delta", "content_block_delta", "content_block_stop"],
    ...["content_block_start", "content_block_delta", "content_block_stop"],
    ...["message_delta", "message_stop"],
  ]);
  expect(text).toContain(String.raw`"partial_json":"{\"command\":\"ls\"`);
});

test("a status is answered with its body, or with a standard error", async () => {
  expect(await ask([{ status: 429, body: { error: 1 } }])).toEqual({ status: 429, text: '{"error":1}' });
  await endpoint?.stop();
  endpoint = null;
  expect((await ask([{ status: 500 }])).text).toContain('"type":"api_error"');
});
