import { describe, expect, test } from "bun:test";
import { InOrder } from "../../../src/agents/codex/in-order.ts";
import { CodexParser } from "../../../src/agents/codex/parser.ts";
import { SessionParser } from "../../../src/agents/codex/subagents.ts";
import type { SessionEvent } from "../../../src/events/event.ts";
import { at, CWD, call, custom, event, type Fields, item, output, scriptOutput } from "./rollout.ts";

const CELL = 'text(await tools.exec_command({"cmd":"make"}));';

function ran(command: string, session: string, from: number, to: number): Fields {
  const details = { id: `exec-${session}`, process_id: session, command: ["bash", "-lc", command], exit_code: 0 };
  const record = item("CommandExecution", { ...details, aggregated_output: "ok" }, to);
  return { ...record, payload: { ...(record.payload as Fields), started_at_ms: Date.parse(at(from)) } };
}

const running = (id: string, session: string) =>
  scriptOutput(id, "completed", `{"chunk_id":"1","session_id":${session},"output":""}`);

const said = (text: string, second: number) => item("AgentMessage", { content: [{ type: "Text", text }] }, second);

/** The commands, prompts and replies, in the order in which a session's reader passes them on. */
function order(...records: Fields[]): string[] {
  const parser = new SessionParser(new CodexParser(CWD));
  const texts: string[] = [];
  const add = (events: Iterable<SessionEvent>) => {
    for (const each of events) {
      if (each.kind === "command") texts.push(each.command);
      if (each.kind === "prompt" || each.kind === "reply") texts.push(each.text);
    }
  };
  for (const [index, record] of records.entries()) {
    const bytes = Buffer.from(JSON.stringify(record));
    if (parser.wants(bytes.toString("latin1", 0, parser.headBytes))) add(parser.record(bytes, index) ?? []);
  }
  add(parser.finish());
  return texts;
}

const started = event("task_started", { turn_id: "t1" });

describe("a command that outlived its call stands where it began", () => {
  test("in code mode, if its item follows the last reply", () => {
    const records = [started, custom("call_1", "exec", CELL), running("call_1", "7"), ran("ls", "8", 20, 21)];
    expect(order(...records, said("Done.", 22), ran("make", "7", 1, 30))).toEqual(["make", "ls", "Done."]);
  });

  test("in code mode, if its script runs in the background", () => {
    const records = [started, custom("call_1", "exec", CELL), scriptOutput("call_1", "running with cell ID 3")];
    expect(order(...records, said("Waiting.", 5), ran("make", "7", 1, 30))).toEqual(["make", "Waiting."]);
  });

  test("without items, if the model polls it", () => {
    const records = [
      call("call_1", "exec_command", { cmd: "make" }, 1),
      output("call_1", "Process running with session ID 7\nOutput:\n", 2),
      event("agent_message", { message: "Waiting." }, 3),
      call("call_2", "write_stdin", { session_id: 7, chars: "" }, 4),
      output("call_2", "Process exited with code 0\nOutput:\nok", 5),
      event("agent_message", { message: "Done." }, 6),
    ];
    expect(order(...records)).toEqual(["make", "Waiting.", "Done."]);
  });

  test("if it never ends", () => {
    const records = [
      call("call_1", "exec_command", { cmd: "serve" }, 1),
      output("call_1", "Process running with session ID 7\nOutput:\n", 2),
      event("agent_message", { message: "It runs." }, 3),
    ];
    expect(order(...records)).toEqual(["serve", "It runs."]);
  });

  test("two of them stand in the order in which they began", () => {
    const records = [
      started,
      custom("call_1", "exec", CELL),
      running("call_1", "7"),
      custom("call_2", "exec", CELL),
      running("call_2", "8"),
    ];
    const late = [ran("second", "8", 3, 20), ran("first", "7", 1, 30)];
    expect(order(...records, said("Both run.", 9), ...late)).toEqual(["first", "second", "Both run."]);
  });
});

test("nothing is held back beyond the next prompt", () => {
  const records = [started, custom("call_1", "exec", CELL), running("call_1", "7"), said("Done.", 5)];
  const next = item("UserMessage", { content: [{ type: "text", text: "Next" }] }, 10);
  expect(order(...records, next, ran("make", "7", 1, 30), said("Bye.", 40))).toEqual(["Done.", "Next", "make", "Bye."]);
});

test("only a bounded amount is held back", () => {
  const inOrder = new InOrder();
  const reply: SessionEvent = { kind: "reply", at: at(1), offset: 0, turn: null, agent: null, text: "x".repeat(1e6) };
  let held = 0;
  let most = 0;
  for (let index = 0; index < 20; index++) {
    held += 1 - [...inOrder.add(reply, true)].length;
    most = Math.max(most, held);
  }
  expect(most).toBeLessThan(5);
  expect([...inOrder.release()]).toHaveLength(held);
});
