// Builds records of a session file, and parses them.
import { ClaudeParser } from "../../../src/agents/claude/parser.ts";
import type { ClaudeState } from "../../../src/agents/claude/parser-state.ts";
import type { SessionEvent } from "../../../src/events/event.ts";
import { at, type Fields } from "../codex/rollout.ts";

export const CWD = "/home/dev/shop";

let records = 0;

/** A record of the conversation, with keys in Claude Code's order. Its parent is the record built before it. */
export function line(type: string, content: unknown, more: Fields = {}, second = 0): Fields {
  const message = type === "user" || type === "assistant" ? { message: { role: type, content } } : {};
  const parentUuid = records === 0 ? null : `line-${records}`;
  records += 1;
  return {
    parentUuid,
    isSidechain: false,
    type,
    ...message,
    uuid: `line-${records}`,
    timestamp: at(second),
    cwd: CWD,
    sessionId: "s",
    version: "2.1.330",
    ...more,
  };
}

export const typed = (text: unknown, second = 0): Fields => line("user", text, { promptSource: "typed" }, second);

export const said = (...content: unknown[]): Fields => line("assistant", content);

export const use = (id: string, name: string, input: Fields, more: Fields = {}): Fields =>
  line("assistant", [{ type: "tool_use", id, name, input }], more);

export const bash = (id: string, command: string, more: Fields = {}): Fields => use(id, "Bash", { command }, more);

/** The result of a call. Claude Code adds no details to an error. */
export function result(id: string, content: unknown, more: Fields = {}, isError = false): Fields {
  return line("user", [{ type: "tool_result", tool_use_id: id, content, is_error: isError }], more);
}

export const failed = (id: string, content: string, more: Fields = {}): Fields => result(id, content, more, true);

export const printed = (id: string, stdout: string, more: Fields = {}): Fields =>
  result(id, stdout, { toolUseResult: { stdout, stderr: "", interrupted: false, ...more } });

/** The events of records; `open: false` omits the calls that are open at the end. */
export function events(records: readonly (Fields | string)[], how: { open?: boolean } = {}): SessionEvent[] {
  const { events, parser } = parse(records);
  return how.open === false ? events : [...events, ...parser.finish()];
}

export function parse(records: readonly (Fields | string)[], before: ClaudeState | null = null) {
  const parser = new ClaudeParser({ cwd: CWD, beside: null }, before);
  const points: (ClaudeState | null)[] = [];
  const events: SessionEvent[] = [];
  let offset = 0;
  for (const record of records) {
    const bytes = Buffer.from(typeof record === "string" ? record : JSON.stringify(record));
    if (parser.wants(bytes.toString("latin1", 0, parser.headBytes))) {
      const found = parser.record(bytes, offset);
      if (found === null) parser.damaged(offset);
      for (const event of found ?? []) {
        events.push(event);
        const state = parser.pointBefore(event)?.state ?? null;
        if (event.kind === "prompt") points.push(state as ClaudeState | null);
      }
    }
    offset += bytes.length + 1;
  }
  return { events, points, parser };
}
