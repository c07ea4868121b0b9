// Lines of a session file, made by hand, and what a parser makes of them.
import { ClaudeParser } from "../../../src/agents/claude/parser.ts";
import type { ClaudeState } from "../../../src/agents/claude/parser-state.ts";
import type { SessionEvent } from "../../../src/events/event.ts";
import { at, type Fields } from "../codex/rollout.ts";

export const CWD = "/home/dev/shop";

let lines = 0;

/** A line of the conversation, in the order of keys that Claude Code writes; it follows the one made before it. */
export function line(type: string, content: unknown, more: Fields = {}, second = 0): Fields {
  const message = type === "user" || type === "assistant" ? { message: { role: type, content } } : {};
  const parentUuid = lines === 0 ? null : `line-${lines}`;
  lines += 1;
  return {
    ...{ parentUuid, isSidechain: false, type, ...message, uuid: `line-${lines}`, timestamp: at(second) },
    ...{ cwd: CWD, sessionId: "s", version: "2.1.330", ...more },
  };
}

export const typed = (text: unknown, second = 0): Fields => line("user", text, { promptSource: "typed" }, second);

export const said = (...content: unknown[]): Fields => line("assistant", content);

export const use = (id: string, name: string, input: Fields, more: Fields = {}): Fields =>
  line("assistant", [{ type: "tool_use", id, name, input }], more);

export const bash = (id: string, command: string, more: Fields = {}): Fields => use(id, "Bash", { command }, more);

/** The result of a call; of an error Claude Code notes no details. */
export function result(id: string, content: unknown, more: Fields = {}, isError = false): Fields {
  return line("user", [{ type: "tool_result", tool_use_id: id, content, is_error: isError }], more);
}

export const failed = (id: string, content: string, more: Fields = {}): Fields => result(id, content, more, true);

export const printed = (id: string, stdout: string, more: Fields = {}): Fields =>
  result(id, stdout, { toolUseResult: { stdout, stderr: "", interrupted: false, ...more } });

/** The events of lines, as a reader of a log gets them; `open` leaves out what is open in the end. */
export function events(records: readonly (Fields | string)[], how: { open?: boolean } = {}): SessionEvent[] {
  const { told, parser } = parse(records);
  return how.open === false ? told : [...told, ...parser.finish()];
}

export function parse(records: readonly (Fields | string)[], before: ClaudeState | null = null) {
  const parser = new ClaudeParser({ cwd: CWD, beside: null }, before);
  const points: (ClaudeState | null)[] = [];
  const told: SessionEvent[] = [];
  let offset = 0;
  for (const record of records) {
    const bytes = Buffer.from(typeof record === "string" ? record : JSON.stringify(record));
    if (parser.wants(bytes.toString("latin1", 0, parser.headBytes))) {
      for (const event of parser.record(bytes, offset)) {
        told.push(event);
        const state = parser.pointBefore(event)?.state ?? null;
        if (event.kind === "prompt") points.push(state?.tool === "claude" ? state : null);
      }
    }
    offset += bytes.length + 1;
  }
  return { told, points, parser };
}
