import { describe, expect, test } from "bun:test";
import { isUnmarkedPrompt, markedPrompt } from "../../../src/agents/claude/prompts.ts";
import { parseRecord } from "../../../src/agents/claude/record.ts";
import { mayBePrompt } from "../../../src/agents/claude/record-kinds.ts";
import { HEAD_BYTES } from "../../../src/system/record-visitor.ts";

const OPENING = { parentUuid: "cf01a045-9b1e-445e-b61c-bc418baed018", isSidechain: false };
const user = (content: unknown, more: Record<string, unknown> = {}) => ({
  ...OPENING,
  promptId: "p1",
  type: "user",
  message: { role: "user", content },
  ...more,
});
const queued = (kind: string, prompt: unknown) => ({
  ...OPENING,
  attachment: { type: "queued_command", prompt, origin: { kind } },
  type: "attachment",
});
const read = (record: Record<string, unknown>) => {
  const parsed = parseRecord(Buffer.from(JSON.stringify(record)));
  if (parsed === null) throw new Error("not a record");
  return parsed;
};
const headOf = (record: Record<string, unknown>) => JSON.stringify(record).slice(0, HEAD_BYTES);

const HELLO = "<command-message>hello</command-message>\n<command-name>/hello</command-name>";

describe("a prompt", () => {
  test.each([
    ["that was typed", user("Fix the cart", { promptSource: "typed" }), "Fix the cart"],
    ["given with -p", user("Fix the cart", { promptSource: "sdk" }), "Fix the cart"],
    ["that is only an image", user([{ type: "image", source: {} }], { promptSource: "typed" }), ""],
    ["with an image", user([{ type: "text", text: "See" }, { type: "image" }], { promptSource: "typed" }), "See"],
    ["that is a custom command", user(HELLO, { origin: { kind: "human" } }), "/hello"],
    [
      "that is a custom command with arguments",
      user(`${HELLO}\n<command-args>Ada</command-args>`, { origin: { kind: "human" } }),
      "/hello Ada",
    ],
    ["typed while the model was busy", queued("human", "And this"), "And this"],
    [
      "with pasted text",
      user('Read: \n\n<pasted_content id="a1">\none\ntwo\n</pasted_content id="a1">', { promptSource: "typed" }),
      "Read:\none\ntwo",
    ],
    [
      "with context from an editor",
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
    [
      "that looks like a tag",
      user("<bash-input>ls</bash-input>", { promptSource: "typed" }),
      "<bash-input>ls</bash-input>",
    ],
  ])("%s", (_, record, prompt) => {
    expect(markedPrompt(read(record))).toBe(prompt);
    expect(mayBePrompt(headOf(record))).toBe(true);
  });

  test("is recognized with keys in any order", () => {
    const { type, message, ...rest } = user("x".repeat(2000), { promptSource: "typed" });
    expect(mayBePrompt(headOf({ message, ...rest, type }))).toBe(true);
    expect(mayBePrompt(headOf({ type, message, ...rest }))).toBe(true);
  });
});

describe("is not a prompt:", () => {
  test.each([
    ["a result", user([{ type: "tool_result", content: "x" }])],
    ["the expansion of a command", user("Greet Ada", { isMeta: true, promptSource: "typed" })],
    ["the summary of a compaction", user("This session", { isCompactSummary: true, promptSource: "typed" })],
    ["a message to a subagent", user("Do it", { isSidechain: true, promptSource: "sdk" })],
    ["a built-in command", user("<command-name>/clear</command-name>")],
    ["an interruption", user([{ type: "text", text: "[Request interrupted by user]" }])],
    ["a task notification", user("<task-notification>", { promptSource: "system" })],
    ["a queued task notification", queued("task-notification", "<task-notification>")],
    ["a reply", { ...OPENING, message: { role: "assistant", content: [] }, type: "assistant" }],
    ["an entry of the queue", { type: "queue-operation", operation: "enqueue", content: "Fix the cart" }],
  ])("%s", (_, record) => {
    expect(markedPrompt(read(record))).toBeNull();
  });

  test("the first bytes exclude most other records", () => {
    const result = user([{ tool_use_id: "toolu_1", type: "tool_result", content: "x" }]);
    const reply = { ...OPENING, message: { role: "assistant" }, type: "assistant" };
    for (const record of [result, reply, { type: "queue-operation" }, { ...user("x"), isSidechain: true }]) {
      expect(mayBePrompt(headOf(record))).toBe(false);
    }
  });
});

test.each([
  [user("Fix the cart"), true],
  [user("Fix the cart", { promptSource: "typed" }), false],
  [user([{ type: "tool_result", content: "x" }]), false],
  [user("<command-name>/clear</command-name>"), false],
])("an unmarked prompt of an older version: %#", (record, unmarked) => {
  expect(isUnmarkedPrompt(read(record))).toBe(unmarked);
});
