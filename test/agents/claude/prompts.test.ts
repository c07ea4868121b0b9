import { describe, expect, test } from "bun:test";
import { isUnmarkedPrompt, markedPrompt } from "../../../src/agents/claude/prompts.ts";
import { parseRecord } from "../../../src/agents/claude/record.ts";
import { mayBePrompt } from "../../../src/agents/claude/record-kinds.ts";
import { HEAD_BYTES } from "../../../src/system/records.ts";

const OPENING = { parentUuid: "cf01a045-9b1e-445e-b61c-bc418baed018", isSidechain: false };
const user = (content: unknown, more: Record<string, unknown> = {}) => ({
  ...OPENING,
  ...{ promptId: "p1", type: "user", message: { role: "user", content }, ...more },
});
const queued = (kind: string, prompt: unknown) => ({
  ...OPENING,
  ...{ attachment: { type: "queued_command", prompt, origin: { kind } }, type: "attachment" },
});
const read = (line: Record<string, unknown>) => {
  const parsed = parseRecord(Buffer.from(JSON.stringify(line)));
  if (parsed === null) throw new Error("no line");
  return parsed;
};
const headOf = (line: Record<string, unknown>) => JSON.stringify(line).slice(0, HEAD_BYTES);

const HELLO = "<command-message>hello</command-message>\n<command-name>/hello</command-name>";

describe("is a prompt", () => {
  test.each([
    ["typed", user("Fix the cart", { promptSource: "typed" }), "Fix the cart"],
    ["given with -p", user("Fix the cart", { promptSource: "sdk" }), "Fix the cart"],
    ["an image alone", user([{ type: "image", source: {} }], { promptSource: "typed" }), ""],
    ["with an image", user([{ type: "text", text: "See" }, { type: "image" }], { promptSource: "typed" }), "See"],
    ["a command of their own", user(HELLO, { origin: { kind: "human" } }), "/hello"],
    ["and its words", user(`${HELLO}\n<command-args>Ada</command-args>`, { origin: { kind: "human" } }), "/hello Ada"],
    ["typed while it was busy", queued("human", "And this"), "And this"],
    [
      "with something pasted",
      user('Read: \n\n<pasted_content id="a1">\none\ntwo\n</pasted_content id="a1">', { promptSource: "typed" }),
      "Read:\none\ntwo",
    ],
    [
      "beside what an editor put in",
      user(
        [
          { type: "text", text: "<ide_opened_file>x</ide_opened_file>" },
          { type: "text", text: "Fix" },
        ],
        {
          promptSource: "typed",
        },
      ),
      "Fix",
    ],
    ["text like a tag", user("<bash-input>ls</bash-input>", { promptSource: "typed" }), "<bash-input>ls</bash-input>"],
  ])("%s", (_, line, prompt) => {
    expect(markedPrompt(read(line))).toBe(prompt);
    expect(mayBePrompt(headOf(line))).toBe(true);
  });

  test("whatever order its keys are in", () => {
    const { message, ...rest } = user("x".repeat(2000), { promptSource: "typed" });
    expect(mayBePrompt(headOf({ message, ...rest }))).toBe(true);
    expect(mayBePrompt(headOf({ ...{ type: "user" }, message, ...rest }))).toBe(true);
  });
});

describe("is none", () => {
  test.each([
    ["a result", user([{ type: "tool_result", content: "x" }])],
    ["what a command expands to", user("Greet Ada", { isMeta: true, promptSource: "typed" })],
    ["a summary of its own history", user("This session", { isCompactSummary: true, promptSource: "typed" })],
    ["a subagent's", user("Do it", { isSidechain: true, promptSource: "sdk" })],
    ["a built-in command", user("<command-name>/clear</command-name>")],
    ["an interruption", user([{ type: "text", text: "[Request interrupted by user]" }])],
    ["a notice of a task", user("<task-notification>", { promptSource: "system" })],
    ["a queued notice", queued("task-notification", "<task-notification>")],
    ["an answer", { ...OPENING, message: { role: "assistant", content: [] }, type: "assistant" }],
    ["what is waiting in the queue", { type: "queue-operation", operation: "enqueue", content: "Fix the cart" }],
  ])("%s", (_, line) => {
    expect(markedPrompt(read(line))).toBeNull();
  });

  test("most of it is known by its first bytes", () => {
    const result = user([{ tool_use_id: "toolu_1", type: "tool_result", content: "x" }]);
    const answer = { ...OPENING, message: { role: "assistant" }, type: "assistant" };
    for (const line of [result, answer, { type: "queue-operation" }, { ...user("x"), isSidechain: true }]) {
      expect(mayBePrompt(headOf(line))).toBe(false);
    }
  });
});

test.each([
  [user("Fix the cart"), true],
  [user("Fix the cart", { promptSource: "typed" }), false],
  [user([{ type: "tool_result", content: "x" }]), false],
  [user("<command-name>/clear</command-name>"), false],
])("a prompt of a version that marks none: %#", (line, unmarked) => {
  expect(isUnmarkedPrompt(read(line))).toBe(unmarked);
});
