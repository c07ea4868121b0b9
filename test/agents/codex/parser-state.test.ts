// A parser that resumes from a saved state returns the same events.
import { expect, test } from "bun:test";
import { CodexParser } from "../../../src/agents/codex/parser.ts";
import type { CodexState } from "../../../src/agents/codex/parser-state.ts";
import type { ResumePoint } from "../../../src/agents/log-parser.ts";
import type { SessionEvent } from "../../../src/events/event.ts";
import { CWD, custom, customOutput, event, type Fields, item, meta } from "./rollout.ts";

interface Parsed {
  event: SessionEvent;
  point: ResumePoint | null;
}

function read(records: readonly Fields[], before: ResumePoint | null = null): Parsed[] {
  const { offset: from = 0, state = null } = before ?? {};
  const parser = new CodexParser(CWD, state as CodexState | null);
  const parsed: Parsed[] = [];
  let offset = 0;
  for (const record of records) {
    const bytes = Buffer.from(JSON.stringify(record));
    if (offset >= from && parser.wants(bytes.toString("latin1", 0, parser.headBytes))) {
      for (const each of parser.record(bytes, offset) ?? [])
        parsed.push({ event: each, point: parser.pointBefore(each) });
    }
    offset += bytes.length + 1;
  }
  return parsed;
}

const turn = (id: string) => event("task_started", { turn_id: id });
const says = (text: string) => item("UserMessage", { id: text, content: [{ type: "text", text }] });
const reviewed = event("user_message", { message: "Review it" });
const script = custom("c1", "exec", "text(await tools.exec_command({cmd:'sleep 20'}));");

test.each<[string, number, Fields[]]>([
  ["that a review is in progress", 1, [event("entered_review_mode"), turn("t2"), reviewed, reviewed]],
  [
    "which turn was stopped",
    2,
    [
      turn("t1"),
      says("Go"),
      script,
      event("turn_aborted", { turn_id: "t1" }),
      turn("t2"),
      says("On"),
      customOutput("c1", "aborted by user after 1.0s"),
      item("CommandExecution", { id: "exec-1", command: ["sleep", "20"], exit_code: 137, status: "failed" }),
    ],
  ],
])("a parser that resumes at a prompt knows %s", (_, prompts, records) => {
  const log = [meta("s"), ...records];
  const all = read(log);
  const points = all.flatMap(({ point }, index) => (point === null ? [] : [{ point, index }]));
  expect(points).toHaveLength(prompts);
  for (const { point, index } of points) {
    expect(read(log, point).map((each) => each.event)).toEqual(all.slice(index).map((each) => each.event));
  }
});
