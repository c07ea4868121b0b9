// A scripted OpenAI Responses API on loopback. It drives a real Codex, which runs real commands, applies patches and writes
// real logs, and keeps the requests.
import { type OfferedTools, offeredTools, outputItems } from "./output-items.ts";
import type { Script, Step } from "./script.ts";
import { eventStream, inOrder, serveOnLoopback } from "./scripted-server.ts";

export interface EndpointRequest {
  path: string;
  headers: Record<string, string>;
  body: unknown;
}

export interface ResponsesEndpoint {
  /** Base URL for a Codex provider table, ending in `/v1`. */
  url: string;
  /** All requests so far, including those for the list of models. */
  requests: EndpointRequest[];
  stop(): Promise<void>;
}

export async function startResponsesEndpoint(script: Script): Promise<ResponsesEndpoint> {
  const requests: EndpointRequest[] = [];
  const nextStep = typeof script === "function" ? script : inOrder(script);
  let answers = 0;
  const server = serveOnLoopback(async (request, path) => {
    const body = await readBody(request);
    requests.push({ path, headers: Object.fromEntries(request.headers), body });
    if (!path.endsWith("/responses")) return Response.json({ data: [], models: [] });
    const step = await nextStep(body);
    answers += 1;
    // The step asks for a slow model.
    if (step.delayMs !== undefined) await Bun.sleep(step.delayMs);
    await step.after;
    if ("status" in step) return Response.json(step.body ?? {}, { status: step.status, headers: step.headers ?? {} });
    return eventStream(responseEvents(step, answers, offeredTools(body)));
  });
  return { ...server, url: `${server.url}/v1`, requests };
}

/** Codex compresses bodies with zstd once it is logged in. */
async function readBody(request: Request): Promise<unknown> {
  if (request.method !== "POST") return null;
  const raw = new Uint8Array(await request.arrayBuffer());
  const plain = request.headers.get("content-encoding") === "zstd" ? Bun.zstdDecompressSync(raw) : raw;
  return JSON.parse(new TextDecoder().decode(plain));
}

interface ResponseEvent {
  type: string;
  [field: string]: unknown;
}

function responseEvents(step: Step, answer: number, tools: OfferedTools): ResponseEvent[] {
  const id = `resp_${answer}`;
  const events: ResponseEvent[] = [{ type: "response.created", response: { id } }];
  if ("failed" in step) return [...events, { type: "response.failed", response: { id, error: step.failed } }];
  outputItems(step, answer, tools).forEach((item, output_index) => {
    events.push({ type: "response.output_item.added", output_index, item });
    events.push({ type: "response.output_item.done", output_index, item });
  });
  return [...events, { type: "response.completed", response: { id, usage: usage(step.inputTokens ?? 1000 + answer) } }];
}

function usage(input_tokens: number) {
  return {
    input_tokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 50,
    output_tokens_details: { reasoning_tokens: 10 },
    total_tokens: input_tokens + 50,
  };
}
