// A scripted Anthropic Messages API on loopback. It drives a real Claude Code, which runs real commands and writes real
// logs, and keeps the requests.
import type { Step } from "./script.ts";
import { eventStream, inOrder, serveOnLoopback } from "./scripted-server.ts";

/** The steps that also work with Claude Code. */
export type MessagesStep = Extract<Step, { say: string } | { run: string } | { call: object } | { status: number }>;

/** One step per request, the last one for all further requests; or a function that chooses by request. */
export type MessagesScript = readonly [MessagesStep, ...MessagesStep[]] | ((body: MessagesBody) => MessagesStep);

/** The fields of a request that the endpoint uses. */
export interface MessagesBody {
  model: string;
  stream?: boolean;
  max_tokens?: number;
  tools?: unknown[];
  messages: { role: "user" | "assistant"; content: unknown }[];
}

export interface MessagesEndpoint {
  /** For `ANTHROPIC_BASE_URL`. */
  url: string;
  /** All requests for an answer so far, including those outside the script. */
  requests: MessagesBody[];
  /** The headers of each request in `requests`. */
  headers: Record<string, string>[];
  stop(): Promise<void>;
}

export async function startMessagesEndpoint(script: MessagesScript): Promise<MessagesEndpoint> {
  const requests: MessagesBody[] = [];
  const headers: MessagesEndpoint["headers"] = [];
  const nextStep = typeof script === "function" ? script : inOrder(script);
  const server = serveOnLoopback(async (request, path) => {
    const text = await request.text();
    if (path === "/v1/messages/count_tokens") return Response.json({ input_tokens: tokensOf(text) });
    if (path !== "/v1/messages" || request.method !== "POST") return refusal(404, "not_found_error");
    const body: MessagesBody = JSON.parse(text);
    requests.push(body);
    headers.push(Object.fromEntries(request.headers));
    const step = isOutsideConversation(body) ? { say: "ok" } : nextStep(body);
    // The step asks for a slow model.
    if (step.delayMs !== undefined) await Bun.sleep(step.delayMs);
    if ("status" in step) return refusal(step.status, "api_error", step);
    return answer(body, contentOf(step, `${requests.length}`), tokensOf(text));
  });
  return { ...server, requests, headers };
}

/** Claude Code also asks for titles, and checks with one token whether the key works. */
function isOutsideConversation({ tools = [], max_tokens }: MessagesBody): boolean {
  return tools.length === 0 || max_tokens === 1;
}

function refusal(status: number, type: string, { body, headers }: { body?: unknown; headers?: object } = {}): Response {
  const error = { type: "error", error: { type, message: type } };
  return Response.json(body ?? error, { status, headers: { ...headers } });
}

/** A block of an answer: its start, and the deltas that follow. */
interface Block {
  start: { type: string; [field: string]: unknown };
  deltas: { type: string; [field: string]: unknown }[];
}

/** `answer` makes ids unique, so that calls pair with their results. */
function contentOf(step: Exclude<MessagesStep, { status: number }>, answer: string): Block[] {
  const blocks: Block[] = [];
  if (step.think !== undefined) {
    const deltas = [
      { type: "thinking_delta", thinking: step.think },
      { type: "signature_delta", signature: "c2lnbmVk" },
    ];
    blocks.push({ start: { type: "thinking", thinking: "", signature: "" }, deltas });
  }
  if ("say" in step) {
    blocks.push({ start: { type: "text", text: "" }, deltas: [{ type: "text_delta", text: step.say }] });
  } else {
    const [name, input] =
      "run" in step ? ["Bash", { command: step.run, description: "run" }] : [step.call.name, step.call.arguments];
    const start = { type: "tool_use", id: `toolu_${answer}`, name, input: {} };
    blocks.push({ start, deltas: [{ type: "input_json_delta", partial_json: JSON.stringify(input) }] });
  }
  return blocks;
}

function answer({ model, stream }: MessagesBody, blocks: readonly Block[], input_tokens: number): Response {
  const id = `msg_${crypto.randomUUID().replaceAll("-", "")}`;
  const stop_reason = blocks.some(({ start }) => start.type === "tool_use") ? "tool_use" : "end_turn";
  const message = { id, type: "message", role: "assistant", model, stop_sequence: null };
  const usage = { input_tokens, output_tokens: 50, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
  if (stream !== true) return Response.json({ ...message, content: blocks.map(completeBlock), stop_reason, usage });
  const events = [
    { type: "message_start", message: { ...message, content: [], stop_reason: null, usage } },
    ...blocks.flatMap(({ start, deltas }, index) => [
      { type: "content_block_start", index, content_block: start },
      ...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
      { type: "content_block_stop", index },
    ]),
    { type: "message_delta", delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 50 } },
    { type: "message_stop" },
  ];
  return eventStream(events);
}

/** A complete block. */
function completeBlock({ start, deltas }: Block): Record<string, unknown> {
  const [{ type: _, partial_json, ...rest } = { type: "" }] = deltas;
  return partial_json === undefined ? { ...start, ...rest } : { ...start, input: JSON.parse(String(partial_json)) };
}

function tokensOf(text: string): number {
  return Math.ceil(text.length / 4);
}
