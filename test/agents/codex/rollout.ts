// Builds rollouts record by record, as Codex writes them.
import { CodexParser } from "../../../src/agents/codex/parser.ts";
import type { ParseStats } from "../../../src/agents/parse-stats.ts";
import type { SessionEvent } from "../../../src/events/event.ts";

export type Fields = Record<string, unknown>;

export const CWD = "/home/dev/shop";
export const T0 = Date.parse("2026-11-22T06:00:00.000Z");

/** The time `seconds` after the first record. */
export function at(seconds: number): string {
  return new Date(T0 + seconds * 1000).toISOString();
}

export function line(type: string, payload: Fields, seconds = 0): Fields {
  return { timestamp: at(seconds), type, payload };
}

export function meta(id: string, more: Fields = {}, seconds = 0): Fields {
  return line("session_meta", { id, timestamp: at(seconds), cwd: CWD, cli_version: "0.154.0", ...more }, seconds);
}

export function event(type: string, payload: Fields = {}, seconds = 0): Fields {
  return line("event_msg", { type, ...payload }, seconds);
}

export function item(type: string, payload: Fields = {}, seconds = 0): Fields {
  return event("item_completed", { turn_id: "t1", item: { type, ...payload }, started_at_ms: T0 }, seconds);
}

export function response(type: string, payload: Fields = {}, seconds = 0): Fields {
  return line("response_item", { type, ...payload }, seconds);
}

export function message(role: string, text: string, seconds = 0): Fields {
  return response(
    "message",
    { role, content: [{ type: role === "user" ? "input_text" : "output_text", text }] },
    seconds,
  );
}

export function call(id: string, name: string, args: Fields, seconds = 0): Fields {
  return response("function_call", { name, arguments: JSON.stringify(args), call_id: id }, seconds);
}

export function output(id: string, text: unknown, seconds = 0): Fields {
  return response("function_call_output", { call_id: id, output: text }, seconds);
}

export function custom(id: string, name: string, input: string, seconds = 0): Fields {
  return response("custom_tool_call", { name, input, call_id: id }, seconds);
}

export function customOutput(id: string, text: unknown, seconds = 0): Fields {
  return response("custom_tool_call_output", { call_id: id, output: text }, seconds);
}

/** A code-mode script's output: its status line, then what it printed. */
export function scriptOutput(id: string, status: string, ...texts: string[]): Fields {
  const parts = [`Script ${status}\nWall time 0.1 seconds\nOutput:\n`, ...texts];
  return customOutput(
    id,
    parts.map((text) => ({ type: "input_text", text })),
  );
}

export function encode(...records: (Fields | string)[]): string {
  return records.map((record) => `${typeof record === "string" ? record : JSON.stringify(record)}\n`).join("");
}

export interface Parsed {
  events: SessionEvent[];
  stats: ParseStats;
}

/** Feeds records to a fresh parser, as a reader would. */
export function parse(...records: (Fields | string)[]): Parsed {
  const parser = new CodexParser(CWD);
  const events: SessionEvent[] = [];
  let offset = 0;
  for (const record of records) {
    const bytes = Buffer.from(typeof record === "string" ? record : JSON.stringify(record));
    if (parser.wants(bytes.toString("latin1", 0, parser.headBytes))) {
      const found = parser.record(bytes, offset);
      if (found === null) parser.damaged(offset);
      events.push(...(found ?? []));
    }
    offset += bytes.length + 1;
  }
  events.push(...parser.finish());
  return { events, stats: parser.stats };
}

/** The events of one kind. */
export function only<Kind extends SessionEvent["kind"]>(
  kind: Kind,
  { events }: Parsed,
): Extract<SessionEvent, { kind: Kind }>[] {
  return events.filter((event): event is Extract<SessionEvent, { kind: Kind }> => event.kind === kind);
}
