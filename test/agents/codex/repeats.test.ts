import { expect, test } from "bun:test";
import { call, customOutput, event, type Fields, item, line, output, parse, scriptOutput } from "./rollout.ts";

const EXITED = (code: number) => `Process exited with code ${code}\nOutput:\nok`;

/** A turn with a prompt, a command and a reply. */
function turn(id: string, command: string, callId: string): Fields[] {
  return [
    event("task_started", { turn_id: id }),
    line("turn_context", { turn_id: id, cwd: "/home/dev/shop", model: "m" }),
    event("user_message", { message: `Do ${command}` }),
    call(callId, "exec_command", { cmd: command }),
    output(callId, EXITED(0)),
    event("agent_message", { message: "Done." }),
    event("task_complete", { turn_id: id }),
  ];
}

/** The same records, written again later. */
function again(records: Fields[]): Fields[] {
  return records.map((record) => ({ ...record, timestamp: "2026-11-23T06:00:00.000Z" }));
}

function summary(...records: Fields[]): string[] {
  return parse(...records).events.flatMap((each) => {
    if (each.kind === "command") return `${each.command}: ${each.outcome}`;
    return each.kind === "prompt" || each.kind === "reply" ? each.text : each.kind === "notice" ? each.kind : [];
  });
}

const FIRST = ["Do make", "make: ok", "Done."];
const SECOND = ["Do ls", "ls: ok", "Done."];

test("a history that was appended again counts once", () => {
  const [one, two] = [turn("t1", "make", "call_1"), turn("t2", "ls", "call_1")];
  expect(summary(...one, ...again(one), ...two)).toEqual([...FIRST, ...SECOND]);
  expect(summary(...one, ...two, ...again([...one, ...two]), ...turn("t3", "make", "call_2"))).toEqual([
    ...FIRST,
    ...SECOND,
    ...FIRST,
  ]);
});

test("a repeated turn that ended with an interruption counts once", () => {
  const one = [...turn("t1", "make", "call_1").slice(0, -1), event("turn_aborted", { turn_id: "t1" })];
  expect(summary(...one, ...again(one))).toEqual([...FIRST, "notice"]);
});

test("a prompt that was written before its turn began is kept after a repeated turn", () => {
  const one = turn("t1", "make", "call_1");
  const [started, context, prompt, ...rest] = turn("t2", "ls", "call_2");
  const two = [prompt, started, context, ...rest].filter((record) => record !== undefined);
  expect(summary(...one, ...again(one), ...two)).toEqual([...FIRST, ...SECOND]);
});

test("lines that were written twice count once", () => {
  const doubled = turn("t1", "make", "call_1").flatMap((record) => [record, record]);
  const [started, , , made, printed] = turn("t1", "make", "call_1");
  const block = [started, made, printed, made, printed].filter((record) => record !== undefined);
  expect(summary(...doubled).filter((text) => text.startsWith("make"))).toEqual(["make: ok"]);
  expect(summary(...block)).toEqual(["make: ok"]);
});

test("items that were written twice count once", () => {
  const ran = item("CommandExecution", { id: "exec-1", command: "make", exit_code: 0, aggregated_output: "ok" });
  const changed = item("FileChange", { id: "exec-2", changes: { "/a": { type: "add", content: "" } } });
  const started = event("task_started", { turn_id: "t1" });
  const kinds = parse(started, ran, changed, ran, changed).events.map(({ kind }) => kind);
  expect(kinds).toEqual(["command", "edit"]);
});

test("a short id of a call is unique only within a turn, a long one in the session", () => {
  const long = "call_0123456789abcdefghijkl";
  expect(summary(...turn("t1", "make", "call_1"), ...turn("t2", "make", "call_1"))).toEqual([...FIRST, ...FIRST]);
  const calls = (id: string, second: number) => [
    call(id, "exec_command", { cmd: "make" }, second),
    output(id, EXITED(0), second),
  ];
  expect(summary(...calls("call_1", 1), ...calls("call_1", 2))).toEqual(["make: ok", "make: ok"]);
  expect(summary(...calls(long, 1), ...calls(long, 2))).toEqual(["make: ok"]);
});

test("the output of a repeated script adds nothing", () => {
  const records = [
    event("task_started", { turn_id: "t1" }),
    line("response_item", {
      type: "custom_tool_call",
      call_id: "call_1",
      name: "exec",
      input: 'text(await tools.exec_command({"cmd":"make"}));',
    }),
    scriptOutput("call_1", "completed", '{"chunk_id":"1","exit_code":0,"output":"ok"}'),
  ];
  const { events, stats } = parse(...records, ...again(records.slice(1)), customOutput("call_1", "late"));
  expect(events.map(({ kind }) => kind)).toEqual(["command"]);
  expect(stats.unknown).toEqual({});
});
