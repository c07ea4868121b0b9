// Output items of the Responses API for a step of a script. Commands and edits are called with the tools that the client
// offers, which differ between versions and models.
import type { Call, Step } from "./script.ts";

export interface OfferedTools {
  names: ReadonlySet<string>;
  /** `custom` or `function` if `apply_patch` is a tool, otherwise null. */
  patchType: string | null;
  /** The id of the last command that was reported as still running. */
  runningSession: number | null;
}

interface Tool {
  type: string;
  name?: string;
  tools?: Tool[];
}

interface RequestBody {
  tools?: Tool[];
  input?: { type: string; tools?: Tool[] }[];
}

/** The tools of a request: its list, and those that newer versions add as items of the history. */
export function offeredTools(body: unknown): OfferedTools {
  const { tools = [], input = [] } = body as RequestBody;
  const added = input.filter((item) => item.type === "additional_tools").flatMap((item) => item.tools ?? []);
  const all = [...tools, ...added].flatMap((tool) => [tool, ...(tool.tools ?? [])]);
  return {
    names: new Set(all.map((tool) => tool.name ?? tool.type)),
    patchType: all.find((tool) => tool.name === "apply_patch")?.type ?? null,
    runningSession: lastRunningSession(input),
  };
}

function lastRunningSession(history: unknown[]): number | null {
  const match = [...JSON.stringify(history).matchAll(/session ID (\d+)|session_id\W+(\d+)/g)].at(-1);
  return match === undefined ? null : Number(match[1] ?? match[2]);
}

/** An item of an answer in the Responses API. */
type OutputItem = { type: string; id: string } & Record<string, unknown>;

/** The items of one answer. `answer` makes ids unique, so that calls pair with their results. */
export function outputItems(step: Step, answer: number, tools: OfferedTools): OutputItem[] {
  const items: OutputItem[] = [];
  if (step.think !== undefined) {
    const summary = [{ type: "summary_text", text: step.think }];
    items.push({ type: "reasoning", id: `rs_${answer}`, summary, encrypted_content: "gAAAA" });
  }
  if (step.search !== undefined) {
    const action = { type: "search", query: step.search };
    items.push({ type: "web_search_call", id: `ws_${answer}`, status: "completed", action });
  }
  if ("say" in step) {
    const content = [{ type: "output_text", text: step.say }];
    items.push({ type: "message", id: `msg_${answer}`, role: "assistant", content });
  } else if ("together" in step) {
    step.together.forEach((call, index) => {
      items.push(callItem(call, `${answer}_${index + 1}`, tools));
    });
  } else if (!("status" in step || "failed" in step)) items.push(callItem(step, `${answer}`, tools));
  return items;
}

function callItem(call: Call, id: string, tools: OfferedTools): OutputItem {
  if ("run" in call) return shellCall(call, id, tools);
  if ("patch" in call) return patchCall(call.patch, id, tools);
  if ("stdin" in call) return stdinCall(call.stdin, id, tools);
  if ("code" in call) return customCall("exec", call.code, id);
  const { name, namespace, arguments: args } = call.call;
  return { ...functionCall(name, args, id), ...(namespace === undefined ? {} : { namespace }) };
}

function shellCall(call: { run: string; workdir?: string; yieldMs?: number }, id: string, tools: OfferedTools) {
  const workdir = call.workdir === undefined ? {} : { workdir: call.workdir };
  const cmd = { cmd: call.run, ...workdir, ...(call.yieldMs === undefined ? {} : { yield_time_ms: call.yieldMs }) };
  if (isCodeMode(tools)) return codeCall("exec_command", cmd, id);
  if (tools.names.has("exec_command")) return functionCall("exec_command", cmd, id);
  if (tools.names.has("shell_command")) return functionCall("shell_command", { command: call.run, ...workdir }, id);
  return functionCall("shell", { command: ["bash", "-lc", call.run], ...workdir }, id);
}

function patchCall(patch: string, id: string, tools: OfferedTools): OutputItem {
  if (isCodeMode(tools)) return codeCall("apply_patch", patch, id);
  if (tools.patchType === "custom") return customCall("apply_patch", patch, id);
  if (tools.patchType !== null) return functionCall("apply_patch", { input: patch }, id);
  return shellCall({ run: `apply_patch <<'PATCH'\n${patch}PATCH\n` }, id, tools);
}

function stdinCall(chars: string, id: string, tools: OfferedTools): OutputItem {
  const input = { session_id: tools.runningSession, chars, yield_time_ms: 5000 };
  return isCodeMode(tools) ? codeCall("write_stdin", input, id) : functionCall("write_stdin", input, id);
}

/** In code mode the model writes JavaScript that calls the tools as functions. */
function isCodeMode(tools: OfferedTools): boolean {
  return tools.names.has("exec") && !tools.names.has("exec_command") && !tools.names.has("shell_command");
}

function codeCall(tool: string, input: unknown, id: string): OutputItem {
  return customCall("exec", `const r = await tools.${tool}(${JSON.stringify(input)});\ntext(r);`, id);
}

function customCall(name: string, input: string, id: string): OutputItem {
  return { type: "custom_tool_call", id: `ct_${id}`, call_id: `call_${id}`, name, status: "completed", input };
}

function functionCall(name: string, args: unknown, id: string): OutputItem {
  return { type: "function_call", id: `fc_${id}`, call_id: `call_${id}`, name, arguments: JSON.stringify(args) };
}
