import { describe, expect, test } from "bun:test";
import type { SessionEvent } from "../../../src/events/event.ts";
import type { Fields } from "../codex/rollout.ts";
import { bash, CWD, events, failed, line, parse, printed, result, said, typed, use } from "./line.ts";

const kinds = (told: readonly SessionEvent[]) => told.map(({ kind }) => kind);

describe("a message of the model", () => {
  test("is told part by part, whether it stands on one line or several", () => {
    const parts = [
      { type: "thinking", thinking: "Hm." },
      { type: "text", text: "I look." },
      { type: "tool_use", id: "t1", name: "Bash", input: { command: "ls" } },
    ];
    const apart = events([...parts.map((part) => said(part)), printed("t1", "a")]);
    expect(kinds(apart)).toEqual(["thinking", "reply", "command"]);
    expect(kinds(events([said(...parts), printed("t1", "a")]))).toEqual(kinds(apart));
  });

  test("tells the model once, and again when it is another one", () => {
    const by = (model: string) => ({ ...said(), message: { model, content: [{ type: "text", text: "x" }] } });
    expect(kinds(events([by("a"), by("a"), by("b")]))).toEqual(["model", "reply", "reply", "model", "reply"]);
  });

  test("that is an error of the service is none of its statements", () => {
    const error = said({ type: "text", text: "API Error: 529" });
    expect(events([{ ...error, isApiErrorMessage: true }])).toMatchObject([{ kind: "notice", level: "error" }]);
  });
});

describe("calls", () => {
  test("get their results in any order, and ids may be used again", () => {
    const told = events([bash("a", "one"), bash("b", "two"), printed("b", "2"), printed("a", "1"), bash("a", "three")]);
    expect(told).toMatchObject([
      { command: "two", output: "2", outcome: "ok", exitCode: 0 },
      { command: "one", output: "1" },
      { command: "three", outcome: "running" },
    ]);
  });

  test("run where the shell was when they were made", () => {
    const told = events([
      bash("a", "cd src"),
      { ...printed("a", ""), cwd: `${CWD}/src` },
      bash("b", "ls", { cwd: `${CWD}/src` }),
    ]);
    expect(told).toMatchObject([{ cwd: CWD }, { cwd: `${CWD}/src` }]);
  });

  test("without a result are over when a prompt begins the next turn", () => {
    expect(events([bash("a", "sleep 9"), typed("next")], { open: false })).toMatchObject([
      { kind: "command", outcome: "interrupted" },
      { kind: "prompt", text: "next" },
    ]);
  });

  test("wait on when a prompt is queued between them", () => {
    const attachment = { type: "queued_command", prompt: "And this", origin: { kind: "human" } };
    const told = events([bash("a", "sleep 9"), line("attachment", null, { attachment }), printed("a", "")]);
    expect(told).toMatchObject([{ text: "And this" }, { outcome: "ok" }]);
  });
});

describe("how a command ended", () => {
  const rejected = "The user doesn't want to proceed with this tool use. The tool use was rejected";
  test.each([
    ["failed with its status", failed("a", "Exit code 4\nboom"), { outcome: "failed", exitCode: 4, output: "boom" }],
    [
      "found nothing",
      printed("a", "", { returnCodeInterpretation: "No matches found" }),
      { outcome: "ok", exitCode: 1 },
    ],
    [
      "denied",
      failed("a", rejected, { toolDenialKind: "user-rejected", toolDenialBeforeRun: true }),
      { outcome: "refused" },
    ],
    [
      "stopped by Esc",
      failed("a", rejected, { toolDenialKind: "user-rejected" }),
      { outcome: "interrupted", output: "" },
    ],
    ["denied by an older version", failed("a", rejected), { outcome: "refused" }],
    [
      "denied by a hook",
      failed("a", "PreToolUse:Bash hook error: no", { toolDenialKind: "permission-rule" }),
      { outcome: "refused" },
    ],
    [
      "never asked for",
      failed("a", "touch needs approval.", { toolDenialKind: "user-rejected" }),
      { outcome: "refused" },
    ],
    [
      "no command at all",
      failed("a", "<tool_use_error>Blocked: sleep</tool_use_error>"),
      { outcome: "refused", output: "Blocked: sleep" },
    ],
    ["broken off", printed("a", "some", { interrupted: true }), { outcome: "interrupted", output: "some" }],
    ["silent, in a subagent", result("a", "(Bash completed with no output)"), { outcome: "ok", output: "" }],
  ])("%s", (_, record, expected) => {
    expect(events([bash("a", "x"), record])).toMatchObject([{ kind: "command", ...expected }]);
  });
});

describe("commands in the background", () => {
  const notice = (status: string, summary: string) =>
    `<task-notification>\n<task-id>b1</task-id>\n<status>${status}</status>\n<summary>${summary}</summary>\n</task-notification>`;
  const begun = [bash("a", "make"), printed("a", "", { backgroundTaskId: "b1" })];
  const queued = (content: string) => ({ type: "queue-operation", operation: "enqueue", content });
  const told = (content: string) =>
    line("user", content, { promptSource: "system", origin: { kind: "task-notification" } });

  test("end when their notification comes, told once by the queue and again by the conversation", () => {
    const text = notice("failed", 'Background command "x" failed with exit code 4');
    const all = events([...begun, said({ type: "text", text: "Going on." }), queued(text), told(text)]);
    expect(kinds(all)).toEqual(["reply", "command"]);
    expect(all[1]).toMatchObject({ command: "make", outcome: "failed", exitCode: 4 });
  });

  test("still run where none came", () => {
    expect(events(begun)).toMatchObject([{ command: "make", outcome: "running" }]);
  });

  test("that were stopped are interrupted", () => {
    expect(events([...begun, told(notice("killed", "stopped"))])).toMatchObject([{ outcome: "interrupted" }]);
  });

  test("are remembered at a point that reading begins anew from", () => {
    const { points } = parse([...begun, typed("next")]);
    const [state = null] = points;
    const { told: later, parser } = parse([told(notice("completed", "done (exit code 0)"))], state);
    expect(later).toMatchObject([{ command: "make", outcome: "ok", exitCode: 0 }]);
    expect([...parser.finish()]).toEqual([]);
  });
});

describe("what the screen and its hooks do", () => {
  test("a command by `!` is a command of which nobody knows how it ended", () => {
    const told = events([
      line("user", "<bash-input>rm x</bash-input>"),
      line("user", "<bash-stdout>gone</bash-stdout><bash-stderr></bash-stderr>"),
    ]);
    expect(told).toMatchObject([
      { kind: "command", command: "rm x", outcome: "unknown", exitCode: null, output: "gone" },
    ]);
  });

  test.each([
    [
      "a command of the screen",
      line("user", "<command-name>/model</command-name>\n<command-args>opus</command-args>"),
      "/model opus",
    ],
    [
      "what it printed",
      line("system", null, {
        subtype: "local_command",
        content: "<local-command-stdout>\u001b[1mKept\u001b[22m</local-command-stdout>",
      }),
      "Kept",
    ],
    [
      "a hook",
      line("attachment", null, {
        attachment: { type: "hook_success", hookName: "SessionStart", stdout: "hi\n", content: "" },
      }),
      "hook SessionStart: hi",
    ],
    [
      "an interruption",
      line("user", [{ type: "text", text: "[Request interrupted by user]" }]),
      "interrupted by the user",
    ],
  ])("%s is a notice", (_, record, text) => {
    expect(events([record])).toMatchObject([{ kind: "notice", level: "info", text }]);
  });

  test("a compaction is one event, with its summary", () => {
    const boundary = line("system", null, { subtype: "compact_boundary" });
    const summary = line("user", "We made files.", { isCompactSummary: true });
    expect(events([boundary, summary, typed("go")])).toMatchObject([
      { kind: "compaction", summary: "We made files." },
      { kind: "prompt" },
    ]);
  });
});

describe("reading can begin anew", () => {
  test("at a prompt, but not while a call is open", () => {
    const attachment = { type: "queued_command", prompt: "Queued", origin: { kind: "human" } };
    const { points } = parse([
      typed("one"),
      bash("a", "x"),
      line("attachment", null, { attachment }),
      printed("a", ""),
      typed("two"),
    ]);
    expect(points.map((point) => point !== null)).toEqual([true, false, true]);
  });
});

test("bookkeeping is passed over, unknown kinds and broken lines are counted", () => {
  const { told, parser } = parse([{ type: "cost-state" }, { type: "brand-new" }, '{"type":"user', typed("go")]);
  expect(kinds(told)).toEqual(["prompt"]);
  expect(parser.stats).toMatchObject({ records: 4, unparsable: 1, unknown: { "brand-new": 1 } });
});

describe("older versions", () => {
  test("mark no prompt: the text decides", () => {
    const plumbing = [
      "<command-name>/clear</command-name>",
      "[Request interrupted by user]",
      "<local-command-stdout></local-command-stdout>",
    ];
    const told = events([
      { type: "summary", summary: "Old", leafUuid: "x" },
      ...plumbing.map((text) => line("user", text)),
      line("user", "Fix it"),
    ]);
    expect(told.filter(({ kind }) => kind === "prompt")).toMatchObject([{ text: "Fix it" }]);
  });

  test("tell of subagents within the session's own log", () => {
    const side = (record: Fields, parentUuid: string | null): Fields => ({
      ...record,
      isSidechain: true,
      parentUuid,
    });
    const task = side(line("user", "Do it"), null);
    const call = side(bash("b", "touch x"), String(task.uuid));
    const told = events([
      ...[typed("Delegate"), use("t", "Task", { description: "d", prompt: "Do it" }), task, call],
      ...[side(printed("b", ""), String(call.uuid)), result("t", "Done")],
    ]);
    expect(told.map(({ kind, agent }) => [kind, agent])).toEqual([
      ["prompt", null],
      ["prompt", "t"],
      ["command", "t"],
    ]);
  });
});
