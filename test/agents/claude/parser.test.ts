import { describe, expect, test } from "bun:test";
import type { SessionEvent } from "../../../src/events/event.ts";
import type { Fields } from "../codex/rollout.ts";
import { bash, CWD, events, failed, line, parse, printed, result, said, typed, use } from "./line.ts";

const kinds = (of: readonly SessionEvent[]) => of.map(({ kind }) => kind);

describe("a message of the model", () => {
  test("has one event per part, in one record or several", () => {
    const parts = [
      { type: "thinking", thinking: "Hm." },
      { type: "text", text: "I look." },
      { type: "tool_use", id: "t1", name: "Bash", input: { command: "ls" } },
    ];
    const apart = events([...parts.map((part) => said(part)), printed("t1", "a")]);
    expect(kinds(apart)).toEqual(["thinking", "reply", "command"]);
    expect(kinds(events([said(...parts), printed("t1", "a")]))).toEqual(kinds(apart));
  });

  test("has a model event when the model changes", () => {
    const by = (model: string) => ({ ...said(), message: { model, content: [{ type: "text", text: "x" }] } });
    expect(kinds(events([by("a"), by("a"), by("b")]))).toEqual(["model", "reply", "reply", "model", "reply"]);
  });

  test("that is an API error is a notice", () => {
    const error = said({ type: "text", text: "API Error: 529" });
    expect(events([{ ...error, isApiErrorMessage: true }])).toMatchObject([{ kind: "notice", level: "error" }]);
  });
});

describe("calls", () => {
  test("get their results in any order, and ids may be reused", () => {
    const found = events([
      bash("a", "one"),
      bash("b", "two"),
      printed("b", "2"),
      printed("a", "1"),
      bash("a", "three"),
    ]);
    expect(found).toMatchObject([
      { command: "two", output: "2", outcome: "ok", exitCode: 0 },
      { command: "one", output: "1" },
      { command: "three", outcome: "running" },
    ]);
  });

  test("have the directory of the shell when they were made", () => {
    const found = events([
      bash("a", "cd src"),
      { ...printed("a", ""), cwd: `${CWD}/src` },
      bash("b", "ls", { cwd: `${CWD}/src` }),
    ]);
    expect(found).toMatchObject([{ cwd: CWD }, { cwd: `${CWD}/src` }]);
  });

  test("without a result are interrupted when a prompt begins the next turn", () => {
    expect(events([bash("a", "sleep 9"), typed("next")], { open: false })).toMatchObject([
      { kind: "command", outcome: "interrupted" },
      { kind: "prompt", text: "next" },
    ]);
  });

  test("stay open when a prompt is queued", () => {
    const attachment = { type: "queued_command", prompt: "And this", origin: { kind: "human" } };
    const found = events([bash("a", "sleep 9"), line("attachment", null, { attachment }), printed("a", "")]);
    expect(found).toMatchObject([{ text: "And this" }, { outcome: "ok" }]);
  });
});

describe("the outcome of a command that", () => {
  const rejected = "The user doesn't want to proceed with this tool use. The tool use was rejected";
  test.each([
    ["failed with a status", failed("a", "Exit code 4\nboom"), { outcome: "failed", exitCode: 4, output: "boom" }],
    [
      "found nothing",
      printed("a", "", { returnCodeInterpretation: "No matches found" }),
      { outcome: "ok", exitCode: 1 },
    ],
    [
      "was denied",
      failed("a", rejected, { toolDenialKind: "user-rejected", toolDenialBeforeRun: true }),
      { outcome: "refused" },
    ],
    [
      "was stopped by Esc",
      failed("a", rejected, { toolDenialKind: "user-rejected" }),
      { outcome: "interrupted", output: "" },
    ],
    ["was denied in an older version", failed("a", rejected), { outcome: "refused" }],
    [
      "was denied by a hook",
      failed("a", "PreToolUse:Bash hook error: no", { toolDenialKind: "permission-rule" }),
      { outcome: "refused" },
    ],
    [
      "needed approval and did not get it",
      failed("a", "touch needs approval.", { toolDenialKind: "user-rejected" }),
      { outcome: "refused" },
    ],
    [
      "was an invalid call",
      failed("a", "<tool_use_error>Blocked: sleep</tool_use_error>"),
      { outcome: "refused", output: "Blocked: sleep" },
    ],
    ["was interrupted", printed("a", "some", { interrupted: true }), { outcome: "interrupted", output: "some" }],
    ["printed nothing, in a subagent", result("a", "(Bash completed with no output)"), { outcome: "ok", output: "" }],
  ])("%s", (_, record, expected) => {
    expect(events([bash("a", "x"), record])).toMatchObject([{ kind: "command", ...expected }]);
  });
});

describe("commands in the background", () => {
  const notice = (status: string, summary: string) =>
    `<task-notification>\n<task-id>b1</task-id>\n<status>${status}</status>\n<summary>${summary}</summary>\n</task-notification>`;
  const started = [bash("a", "make"), printed("a", "", { backgroundTaskId: "b1" })];
  const queued = (content: string) => ({ type: "queue-operation", operation: "enqueue", content });
  const notified = (content: string) =>
    line("user", content, { promptSource: "system", origin: { kind: "task-notification" } });

  test("end once with their notification, which the queue and the conversation both have", () => {
    const text = notice("failed", 'Background command "x" failed with exit code 4');
    const all = events([...started, said({ type: "text", text: "Going on." }), queued(text), notified(text)]);
    expect(kinds(all)).toEqual(["reply", "command"]);
    expect(all[1]).toMatchObject({ command: "make", outcome: "failed", exitCode: 4 });
  });

  test("are running without a notification", () => {
    expect(events(started)).toMatchObject([{ command: "make", outcome: "running" }]);
  });

  test("that were stopped are interrupted", () => {
    expect(events([...started, notified(notice("killed", "stopped"))])).toMatchObject([{ outcome: "interrupted" }]);
  });

  test("are part of the saved state", () => {
    const { points } = parse([...started, typed("next")]);
    const [state = null] = points;
    const { events: later, parser } = parse([notified(notice("completed", "done (exit code 0)"))], state);
    expect(later).toMatchObject([{ command: "make", outcome: "ok", exitCode: 0 }]);
    expect([...parser.finish()]).toEqual([]);
  });
});

describe("the terminal UI and hooks", () => {
  test("a `!` command is a command with an unknown outcome", () => {
    const found = events([
      line("user", "<bash-input>rm x</bash-input>"),
      line("user", "<bash-stdout>gone</bash-stdout><bash-stderr></bash-stderr>"),
    ]);
    expect(found).toMatchObject([
      { kind: "command", command: "rm x", outcome: "unknown", exitCode: null, output: "gone" },
    ]);
  });

  test.each([
    [
      "a slash command",
      line("user", "<command-name>/model</command-name>\n<command-args>opus</command-args>"),
      "/model opus",
    ],
    [
      "the output of a slash command",
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

describe("resume points", () => {
  test("are before prompts, but not while a call is open", () => {
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

test("bookkeeping is ignored, unknown kinds and broken records are counted", () => {
  const { events: found, parser } = parse([
    { type: "cost-state" },
    { type: "brand-new" },
    '{"type":"user',
    typed("go"),
  ]);
  expect(kinds(found)).toEqual(["prompt"]);
  expect(parser.stats).toMatchObject({ records: 4, unparsable: 1, unknown: { "brand-new": 1 } });
});

describe("older versions", () => {
  test("do not mark prompts, so the text decides", () => {
    const plumbing = [
      "<command-name>/clear</command-name>",
      "[Request interrupted by user]",
      "<local-command-stdout></local-command-stdout>",
    ];
    const found = events([
      { type: "summary", summary: "Old", leafUuid: "x" },
      ...plumbing.map((text) => line("user", text)),
      line("user", "Fix it"),
    ]);
    expect(found.filter(({ kind }) => kind === "prompt")).toMatchObject([{ text: "Fix it" }]);
  });

  test("have the records of subagents in the session's own log", () => {
    const side = (record: Fields, parentUuid: string | null): Fields => ({
      ...record,
      isSidechain: true,
      parentUuid,
    });
    const task = side(line("user", "Do it"), null);
    const call = side(bash("b", "touch x"), String(task.uuid));
    const found = events([
      typed("Delegate"),
      use("t", "Task", { description: "d", prompt: "Do it" }),
      task,
      call,
      side(printed("b", ""), String(call.uuid)),
      result("t", "Done"),
    ]);
    expect(found.map(({ kind, agent }) => [kind, agent])).toEqual([
      ["prompt", null],
      ["prompt", "t"],
      ["command", "t"],
    ]);
  });
});
