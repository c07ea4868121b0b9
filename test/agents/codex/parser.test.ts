import { describe, expect, test } from "bun:test";
import { at, call, event, type Fields, item, line, message, only, output, parse, response } from "./rollout.ts";

describe("replies and reasoning", () => {
  const texts = (kind: "reply" | "thinking", ...records: Fields[]) =>
    only(kind, parse(...records)).map(({ text }) => text);

  test("an event, a message and an item about the same reply are one reply", () => {
    const event_ = event("agent_message", { message: "Done." });
    const message_ = message("assistant", "Done.");
    const item_ = item("AgentMessage", { content: [{ type: "Text", text: "Done." }] });
    for (const records of [
      [event_, message_],
      [message_, event_],
      [item_, message_],
      [event_, item_, message_],
      [message_],
    ]) {
      expect(texts("reply", ...records)).toEqual(["Done."]);
    }
  });

  test("the same reply to two prompts is two replies", () => {
    const turn = [
      event("user_message", { message: "go" }),
      event("agent_message", { message: "Done." }),
      message("assistant", "Done."),
    ];
    expect(texts("reply", ...turn, ...turn)).toEqual(["Done.", "Done."]);
  });

  test("a reply that is only a message is ignored in a log with reply events", () => {
    expect(
      texts("reply", event("agent_message", { message: "Hello." }), message("assistant", "Summary: so far …")),
    ).toEqual(["Hello."]);
  });

  test("a reasoning summary is one event", () => {
    const records = [
      event("agent_reasoning", { text: "**Looking**" }),
      response("reasoning", { summary: [{ type: "summary_text", text: "**Looking**" }], encrypted_content: "gAAAA" }),
    ];
    expect(texts("thinking", ...records)).toEqual(["**Looking**"]);
    expect(texts("thinking", records[1] as Fields)).toEqual(["**Looking**"]);
    expect(texts("thinking", item("Reasoning", { summary_text: ["a", "b"] }), records[1] as Fields)).toEqual([
      "a",
      "b",
    ]);
  });

  test("encrypted reasoning gives no event", () => {
    expect(parse(response("reasoning", { summary: [], encrypted_content: "gAAAA" })).events).toEqual([]);
  });
});

describe("other events", () => {
  test("a change of model is an event", () => {
    const turn = (model: string) => line("turn_context", { model, cwd: "/x" });
    expect(only("model", parse(turn("a"), turn("a"), turn("b"))).map(({ model }) => model)).toEqual(["a", "b"]);
  });

  test("an event, a response and an item about the same web search are one search", () => {
    const records = [
      event("web_search_end", { call_id: "ws", query: "css grid" }),
      response("web_search_call", { action: { type: "search", query: "css grid" } }),
      item("WebSearch", { id: "ws", query: "css grid", action: { type: "search", query: "css grid" } }),
    ];
    expect(only("search", parse(...records)).map(({ query }) => query)).toEqual(["css grid"]);
  });

  test("a call to an MCP server is one tool event with its outcome", () => {
    const made = call("c1", "mcp__shop__sell", { id: 1 });
    const failed = item("McpToolCall", {
      id: "c1",
      server: "shop",
      tool: "sell",
      arguments: { id: 1 },
      status: "failed",
      error: { message: "sold out" },
    });
    expect(only("tool", parse(made, failed, output("c1", "sold out")))).toMatchObject([
      { id: "c1", name: "mcp__shop__sell", input: { id: 1 }, outcome: "failed", output: "sold out" },
    ]);
    const end = event("mcp_tool_call_end", {
      call_id: "c1",
      invocation: { server: "shop", tool: "sell", arguments: { id: 1 } },
      result: { Ok: { content: [{ type: "text", text: "sold" }] } },
    });
    expect(only("tool", parse(made, end, output("c1", "sold")))).toMatchObject([
      { name: "mcp__shop__sell", outcome: "ok", output: "sold" },
    ]);
  });

  test("a call of any other tool has its arguments", () => {
    expect(only("tool", parse(call("c1", "update_plan", { plan: [] }), output("c1", "Plan updated")))).toMatchObject([
      { name: "update_plan", input: { plan: [] }, output: "Plan updated", outcome: "unknown" },
    ]);
    const inNamespace = response("function_call", {
      name: "wait",
      namespace: "agents",
      arguments: '{"cell_id":"1"}',
      call_id: "c1",
    });
    expect(only("tool", parse(inNamespace))).toMatchObject([{ name: "agents.wait", outcome: "running" }]);
  });

  test("errors and aborted turns are notices", () => {
    const parsed = parse(event("error", { message: "usage limit" }), event("turn_aborted", { reason: "interrupted" }));
    expect(only("notice", parsed).map(({ level, text }) => [level, text])).toEqual([
      ["error", "usage limit"],
      ["info", "turn ended: interrupted"],
    ]);
  });

  test("a compaction has its summary", () => {
    expect(only("compaction", parse(line("compacted", { message: "So far", replacement_history: [] })))).toMatchObject([
      { summary: "So far" },
    ]);
  });
});

describe("parse statistics", () => {
  test("unknown records, payloads and items are counted", () => {
    const { events, stats } = parse(
      line("brand_new", { anything: 1 }, 1),
      line("brand_new", { anything: 2 }, 1),
      event("surprise"),
      response("marvel"),
      item("Novelty"),
      { payload: {}, surprise: true },
    );
    expect(events).toEqual([]);
    expect(stats).toEqual({
      records: 6,
      unparsable: 0,
      unparsableAt: [],
      unknown: {
        brand_new: 2,
        "event_msg/surprise": 1,
        "response_item/marvel": 1,
        "event_msg/item_completed/Novelty": 1,
        "record without a type": 1,
      },
    });
  });

  test("record types named like properties of every object are counted like any other", () => {
    const { stats } = parse(
      line("toString", {}),
      line("constructor", {}),
      line("constructor", {}),
      line("__proto__", {}),
    );
    expect(Object.entries(stats.unknown)).toEqual([
      ["toString", 1],
      ["constructor", 2],
      ["__proto__", 1],
    ]);
  });

  test("records that do not parse are counted with their offset, and the rest is read", () => {
    const { events, stats } = parse(
      '{"timestamp":"2026-11-22T06:00:00.000Z","type":"event_msg","payload":{"type":"agent_message","mess',
      event("agent_message", { message: "Done." }),
      "null",
    );
    expect(events).toHaveLength(1);
    expect(stats).toMatchObject({ records: 3, unparsable: 2, unparsableAt: [0, expect.any(Number)] });
  });

  test("Codex's own bookkeeping gives no events and is not unknown", () => {
    const { events, stats } = parse(
      line("world_state", { full: true }),
      line("token_usage_record", {}),
      event("token_count", { info: null }),
      event("thread_settings_applied"),
      response("ghost_snapshot", {}),
      response("additional_tools", {}),
      message("developer", "be kind"),
      { record_type: "state" },
    );
    expect(events).toEqual([]);
    expect(stats).toEqual({ records: 8, unparsable: 0, unparsableAt: [], unknown: {} });
  });

  test("the number of unknown types is bounded", () => {
    const { stats } = parse(...Array.from({ length: 300 }, (_, index) => line(`type_${index}`, {})));
    expect(Object.keys(stats.unknown).length).toBeLessThanOrEqual(101);
    expect(Object.values(stats.unknown).reduce((sum, count) => sum + count, 0)).toBe(300);
  });
});

describe("records of another shape", () => {
  test("keys may be in any order", () => {
    const turned = { payload: { message: "Fix it", type: "user_message" }, type: "event_msg", timestamp: at(5) };
    expect(only("prompt", parse(turned))).toMatchObject([{ text: "Fix it", at: at(5) }]);
  });

  test("times are converted to UTC", () => {
    const record = { ...event("user_message", { message: "Fix it" }), timestamp: "2026-11-22T07:00:00.000+01:00" };
    expect(only("prompt", parse(record))).toMatchObject([{ at: "2026-11-22T06:00:00.000Z" }]);
    expect(only("prompt", parse({ ...record, timestamp: "soon" }))).toMatchObject([{ at: null }]);
  });

  test("fields of the wrong type are ignored", () => {
    const odd: Fields[] = [
      event("user_message", { message: 5, images: "x" }),
      item("CommandExecution", { command: 7, cwd: {}, duration: "1s", exit_code: "0" }),
      item("FileChange", { changes: [] }),
      item("UserMessage", { content: "hello" }),
      event("item_completed", { item: null }),
      response("function_call", { name: 3, arguments: {}, call_id: 4 }),
      response("function_call", { name: "exec_command", arguments: "[", call_id: "c1" }),
      response("function_call_output", { call_id: "c1", output: 12 }),
      response("message", { role: "user", content: [null, 3, { text: {} }] }),
      line("turn_context", { cwd: 1, model: 2 }),
      line("compacted", { message: 3 }),
    ];
    expect(() => parse(...odd)).not.toThrow();
  });
});
