// Commands in the logs of Codex: every form of a call and its result.
import { describe, expect, test } from "bun:test";
import { at, CWD, call, custom, event, type Fields, item, line, only, output, parse, response, T0 } from "./rollout.ts";

const commands = (...records: (Fields | string)[]) => only("command", parse(...records));
const started = event("task_started", { turn_id: "t1" });

describe("commands of each version", () => {
  const expected = { command: "npm test", cwd: CWD, outcome: "failed", exitCode: 1, output: "1 failed\n" };

  test("`shell` with an argv and a JSON result", () => {
    const result = JSON.stringify({ output: "1 failed\n", metadata: { exit_code: 1, duration_seconds: 0.4 } });
    expect(
      commands(call("c1", "shell", { command: ["bash", "-lc", "npm test"], workdir: CWD }, 1), output("c1", result, 2)),
    ).toMatchObject([{ ...expected, durationMs: 400, startedAt: at(1), at: at(2), id: "c1" }]);
  });

  test("`shell_command` with a string and a text result", () => {
    const result = "Exit code: 1\nWall time: 0.4 seconds\nTotal output lines: 1\nOutput:\n1 failed\n";
    expect(commands(call("c1", "shell_command", { command: "npm test" }), output("c1", result))).toMatchObject([
      { ...expected, durationMs: 400 },
    ]);
  });

  test("`exec_command` with the newer text result", () => {
    const result =
      "Chunk ID: ab\nWall time: 0.4 seconds\nProcess exited with code 1\nOriginal token count: 2\nOutput:\n1 failed\n";
    expect(commands(call("c1", "exec_command", { cmd: "npm test" }), output("c1", result))).toMatchObject([expected]);
  });

  test("`local_shell_call`", () => {
    const action = { type: "exec", command: ["/bin/zsh", "-lc", "npm test"], working_directory: CWD };
    const result = JSON.stringify({ output: "1 failed\n", metadata: { exit_code: 1, duration_seconds: 0.4 } });
    expect(
      commands(response("local_shell_call", { call_id: "c1", status: "completed", action }), output("c1", result)),
    ).toMatchObject([expected]);
  });

  test("bare items without an envelope", () => {
    const args = JSON.stringify({ command: ["bash", "-lc", "npm test"] });
    const result = JSON.stringify({ output: "1 failed\n", metadata: { exit_code: 1, duration_seconds: 0.4 } });
    expect(
      commands(
        { id: "s1", timestamp: at(0), instructions: null },
        { record_type: "state" },
        { type: "function_call", name: "shell", arguments: args, call_id: "c1" },
        { type: "function_call_output", call_id: "c1", output: result },
      ),
    ).toMatchObject([{ ...expected, at: at(0) }]);
  });

  test("an output of text and image parts", () => {
    const parts = [
      { type: "input_text", text: "Exit code: 1\nWall time: 0.4 seconds\nOutput:\n1 failed\n" },
      { type: "input_image", image_url: "data:image/png;base64,AA" },
    ];
    expect(commands(call("c1", "shell_command", { command: "npm test" }), output("c1", parts))).toMatchObject([
      expected,
    ]);
  });
});

describe("the directory of a command", () => {
  const cwds = (args: Fields, ...before: Fields[]) =>
    commands(...before, call("c1", "exec_command", args), output("c1", "Process exited with code 0\nOutput:\n")).map(
      ({ cwd }) => cwd,
    );

  test("is that of the turn", () => {
    expect(cwds({ cmd: "ls" }, line("turn_context", { cwd: "/home/dev/other", model: "m" }))).toEqual([
      "/home/dev/other",
    ]);
  });

  test("is that of the call, relative to the turn's", () => {
    expect(cwds({ cmd: "ls", workdir: "web" })).toEqual([`${CWD}/web`]);
    expect(cwds({ cmd: "ls", workdir: "/tmp" })).toEqual(["/tmp"]);
    expect(cwds({ cmd: "ls", workdir: "" })).toEqual([CWD]);
  });
});

describe("items", () => {
  const execution = (more: Fields = {}) =>
    item("CommandExecution", {
      id: "c1",
      command: ["/bin/bash", "-lc", "npm test"],
      cwd: "file:///home/dev/my%20shop%20%C3%A9",
      status: "failed",
      exit_code: 1,
      aggregated_output: "1 failed\n",
      duration: { secs: 1, nanos: 500_000_000 },
      ...more,
    });

  test("an item has the command, its directory, duration and outcome", () => {
    expect(commands(started, execution())).toMatchObject([
      {
        command: "npm test",
        cwd: "/home/dev/my shop é",
        outcome: "failed",
        exitCode: 1,
        output: "1 failed\n",
        durationMs: 1500,
        startedAt: new Date(T0).toISOString(),
        turn: "t1",
      },
    ]);
  });

  test("`calledAt` is the time of the call or script, when that is before the recorded start", () => {
    const made = call("c1", "exec_command", { cmd: "npm test" }, -2);
    expect(commands(started, made, execution())).toMatchObject([{ startedAt: at(0), calledAt: at(-2) }]);
    const script = custom("c2", "exec", "text(await tools.exec_command({cmd:'npm test'}));", -1);
    expect(commands(started, script, execution({ id: "exec-1" }))).toMatchObject([{ calledAt: at(-1) }]);
    const late = call("c1", "exec_command", { cmd: "npm test" }, 1);
    for (const records of [[execution()], [late, execution()]]) {
      expect(commands(started, ...records)[0]).not.toHaveProperty("calledAt");
    }
  });

  test("fields and type names may be in camelCase", () => {
    const { exit_code: _, aggregated_output: __, ...rest } = execution().payload as Fields;
    const camel = { ...(rest.item as Fields), type: "commandExecution", exitCode: 1, aggregatedOutput: "1 failed\n" };
    delete (camel as Fields).exit_code;
    delete (camel as Fields).aggregated_output;
    expect(commands(event("item_completed", { item: camel }))).toMatchObject([{ exitCode: 1, output: "1 failed\n" }]);
  });

  test("a call and its item are one command, whichever comes first", () => {
    const made = call("c1", "exec_command", { cmd: "npm test" });
    const result = output("c1", "Process exited with code 1\nOutput:\n1 failed\n");
    expect(commands(started, made, execution(), result)).toHaveLength(1);
    expect(commands(started, made, result, execution())).toHaveLength(1);
  });

  test("an item written before the output was read gets the output of the call", () => {
    const made = call("c1", "exec_command", { cmd: "npm test" });
    const result = output("c1", "Process exited with code 1\nOutput:\n1 failed\n");
    const empty = execution({ aggregated_output: "" });
    expect(commands(started, made, empty, result)).toMatchObject([{ exitCode: 1, output: "1 failed\n" }]);
    expect(commands(started, made, empty)).toMatchObject([{ outcome: "failed", exitCode: 1, output: "" }]);
    expect(commands(started, made, empty, event("turn_aborted"))).toHaveLength(1);
    const running = output("c1", "Process running with session ID 7\nOutput:\nhalf\n");
    expect(commands(started, made, running, empty)).toMatchObject([{ exitCode: 1, output: "half\n" }]);
  });

  test("an id reused in a later turn is another command", () => {
    const turn = (id: string) => [
      event("task_started", { turn_id: id }),
      call("c1", "exec_command", { cmd: "npm test" }),
      execution(),
      output("c1", "Process exited with code 1\nOutput:\n1 failed\n"),
    ];
    expect(commands(...turn("t1"), ...turn("t2"))).toHaveLength(2);
  });

  test("input to a running command is not a command, and does not end it", () => {
    expect(commands(started, execution({ source: "unified_exec_interaction" }))).toEqual([]);
    expect(
      commands(
        call("c1", "exec_command", { cmd: "npm test" }),
        output("c1", "Process running with session ID 5\nOutput:\n"),
        call("c2", "write_stdin", { session_id: 5 }),
        event("exec_command_end", {
          call_id: "c2",
          source: "unified_exec_interaction",
          command: ["npm"],
          exit_code: 0,
        }),
        output("c2", "Process exited with code 3\nOutput:\n"),
      ),
    ).toMatchObject([{ id: "c1", exitCode: 3 }]);
  });

  test("a declined command was refused", () => {
    expect(commands(started, execution({ status: "declined", exit_code: -1 }))).toMatchObject([
      { outcome: "refused", exitCode: null },
    ]);
  });

  test("a command that was killed was interrupted", () => {
    expect(commands(started, execution({ exit_code: -1, aggregated_output: "begun\n" }))).toMatchObject([
      { outcome: "interrupted", exitCode: null, output: "begun\n" },
    ]);
  });

  test("the end event of older versions and the output of the call are one command", () => {
    const end = event("exec_command_end", {
      call_id: "c1",
      command: ["bash", "-lc", "npm test"],
      cwd: CWD,
      exit_code: 1,
      aggregated_output: "1 failed\n",
    });
    const result = output("c1", "Process exited with code 1\nOutput:\n1 failed\n");
    expect(commands(call("c1", "exec_command", { cmd: "npm test" }), end, result)).toMatchObject([
      { outcome: "failed", exitCode: 1 },
    ]);
  });
});

describe("commands that never ran", () => {
  test.each([
    'exec_command failed: CreateProcess { message: "Rejected(\\"`/bin/bash -lc \'rm -rf src\'` rejected: blocked by policy\\")" }',
    "exec command rejected by user",
    "approval policy is Never; reject command — you should not ask for escalated permissions",
    "failed to parse function arguments: missing field `cmd` at line 1 column 33",
  ])("the output %p is a refusal", (text) => {
    expect(commands(call("c1", "exec_command", { cmd: "rm -rf src" }), output("c1", text))).toMatchObject([
      { outcome: "refused", exitCode: null },
    ]);
  });

  test("a program that prints such a message was not refused", () => {
    const printed = "Exit code: 1\nWall time: 0 seconds\nOutput:\nexec command rejected by user\n";
    expect(commands(call("c1", "shell_command", { command: "./ask" }), output("c1", printed))).toMatchObject([
      { outcome: "failed", exitCode: 1 },
    ]);
  });
});

describe("commands in the background", () => {
  const begin = [
    call("c1", "exec_command", { cmd: "npm test" }, 1),
    output("c1", "Wall time: 0.2 seconds\nProcess running with session ID 68327\nOutput:\none\n", 2),
  ];
  const stdin = (id: string, chars: string, status: string, text: string, seconds: number) => [
    call(id, "write_stdin", { session_id: 68327, chars }, seconds),
    output(id, `Wall time: 1 seconds\n${status}\nOutput:\n${text}`, seconds),
  ];

  test("a continued command is one event with its final exit code and its whole output", () => {
    expect(
      commands(
        ...begin,
        ...stdin("c2", "", "Process running with session ID 68327", "two\n", 3),
        ...stdin("c3", "", "Process exited with code 3", "three\n", 4),
      ),
    ).toMatchObject([
      {
        id: "c1",
        outcome: "failed",
        exitCode: 3,
        output: "one\ntwo\nthree\n",
        startedAt: at(1),
        at: at(4),
        durationMs: 2200,
      },
    ]);
  });

  test("a command stopped by Ctrl-C was interrupted", () => {
    expect(commands(...begin, ...stdin("c2", "\u0003", "Process exited with code 130", "", 3))).toMatchObject([
      { outcome: "interrupted", exitCode: 130 },
    ]);
  });

  test("a command that succeeds despite Ctrl-C succeeded", () => {
    expect(commands(...begin, ...stdin("c2", "\u0003", "Process exited with code 0", "", 3))).toMatchObject([
      { outcome: "ok" },
    ]);
  });

  test("the end of a command that started before the range is a tool event", () => {
    const parsed = parse(...stdin("c2", "", "Process exited with code 3", "three\n", 4));
    expect(only("tool", parsed)).toMatchObject([
      { name: "write_stdin", input: { session_id: "68327" }, output: "three\n" },
    ]);
  });

  test("a failed write does not end the command", () => {
    const failed = [
      call("c2", "write_stdin", { session_id: 68327, chars: "x" }),
      output("c2", "write_stdin failed: Unknown process id 68327"),
    ];
    expect(commands(...begin, ...failed)).toMatchObject([{ outcome: "running", output: "one\n" }]);
  });

  test("a command without an end in the log is running", () => {
    expect(commands(...begin, event("task_started", { turn_id: "t2" }))).toMatchObject([
      { outcome: "running", exitCode: null },
    ]);
  });
});

describe("commands without an end", () => {
  const made = call("c1", "exec_command", { cmd: "sleep 20" }, 1);

  test("are running when the range ends", () => {
    expect(commands(started, made)).toMatchObject([{ outcome: "running" }]);
  });

  test("are interrupted once when the turn is aborted", () => {
    const aborted = event("turn_aborted", { turn_id: "t1", reason: "interrupted" }, 2);
    const result = output("c1", "aborted by user after 1.0s", 2);
    expect(commands(started, made, aborted)).toMatchObject([{ outcome: "interrupted", at: at(2) }]);
    expect(commands(started, made, result, aborted)).toMatchObject([{ outcome: "interrupted" }]);
    expect(commands(started, made, aborted, result)).toMatchObject([{ outcome: "interrupted" }]);
  });

  test("are interrupted when a new turn begins", () => {
    expect(commands(started, made, event("task_started", { turn_id: "t2" }))).toMatchObject([
      { outcome: "interrupted" },
    ]);
  });

  test("are interrupted by the message of an abort, but only without an exit code", () => {
    expect(commands(made, output("c1", "Wall time: 1.2 seconds\naborted by user"))).toMatchObject([
      { outcome: "interrupted" },
    ]);
    expect(commands(made, output("c1", "Process exited with code 1\nOutput:\naborted by user"))).toMatchObject([
      { outcome: "failed" },
    ]);
  });
});

test("a result without its call in the range is counted as unknown", () => {
  const { events, stats } = parse(output("c0", "Process exited with code 1\nOutput:\n"));
  expect(events).toEqual([]);
  expect(stats.unknown).toEqual({ "response_item/function_call_output without its call": 1 });
});
