import { afterEach, expect, test } from "bun:test";
import { type ResponsesEndpoint, startResponsesEndpoint } from "./responses-endpoint.ts";
import type { Script } from "./script.ts";

let endpoint: ResponsesEndpoint | null = null;
afterEach(async () => {
  await endpoint?.stop();
  endpoint = null;
});

async function ask(script: Script, body: unknown, init: { headers?: Record<string, string>; zstd?: boolean } = {}) {
  endpoint ??= await startResponsesEndpoint(script);
  const text = JSON.stringify(body);
  const response = await fetch(`${endpoint.url}/responses`, {
    method: "POST",
    headers: init.zstd ? { "content-encoding": "zstd" } : {},
    body: init.zstd ? Bun.zstdCompressSync(text) : text,
  });
  return { status: response.status, text: await response.text() };
}

test("the last step answers all further requests", async () => {
  const script: Script = [{ say: "one" }, { say: "two" }];
  const answers = [await ask(script, {}), await ask(script, {}), await ask(script, {})];
  expect(answers.map(({ text }) => /"text":"(\w+)"/.exec(text)?.[1])).toEqual(["one", "two", "two"]);
});

test("compressed requests are kept uncompressed", async () => {
  await ask([{ say: "ok" }], { model: "é" }, { zstd: true });
  expect(endpoint?.requests).toMatchObject([{ path: "/v1/responses", body: { model: "é" } }]);
});

test("a command is called with the tool that is offered", async () => {
  const script: Script = [{ run: "ls" }];
  const offer = async (...tools: unknown[]) => (await ask(script, { tools })).text;
  expect(await offer({ type: "function", name: "exec_command" })).toContain('"arguments":"{\\"cmd\\":\\"ls\\"}"');
  expect(await offer({ type: "function", name: "shell_command" })).toContain('"arguments":"{\\"command\\":\\"ls\\"}"');
  expect(await offer({ type: "function", name: "shell" })).toContain('\\"bash\\",\\"-lc\\",\\"ls\\"');
  expect(await offer({ type: "custom", name: "exec" })).toContain('tools.exec_command({\\"cmd\\":\\"ls\\"})');
});

test("a status is answered with its body", async () => {
  const answer = await ask([{ status: 429, body: { error: { type: "usage_limit_reached" } } }], {});
  expect(answer).toEqual({ status: 429, text: '{"error":{"type":"usage_limit_reached"}}' });
});
