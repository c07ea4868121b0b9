import { describe, expect, test } from "bun:test";
import { isInjected } from "../../../src/agents/codex/prompts.ts";
import { at, call, event, type Fields, item, line, message, only, output, parse, response } from "./rollout.ts";

const prompts = (...records: (Fields | string)[]) => only("prompt", parse(...records)).map(({ text }) => text);
const answer = event("agent_message", { message: "Done." });

describe("prompts", () => {
  test("a message and an event about the same prompt are one prompt", () => {
    expect(prompts(message("user", "Fix it"), event("user_message", { message: "Fix it" }), answer)).toEqual([
      "Fix it",
    ]);
    expect(prompts(event("user_message", { message: "Fix it" }), message("user", "Fix it"), answer)).toEqual([
      "Fix it",
    ]);
  });

  test("a message, an event and an item about the same prompt are one prompt", () => {
    expect(
      prompts(
        message("user", "Fix it"),
        event("user_message", { message: "Fix it" }),
        item("UserMessage", { content: [{ type: "text", text: "Fix it" }] }),
        answer,
      ),
    ).toEqual(["Fix it"]);
  });

  test("the same prompt typed twice is two prompts", () => {
    const typed = [message("user", "go on"), event("user_message", { message: "go on" })];
    expect(prompts(...typed, answer, ...typed, answer)).toEqual(["go on", "go on"]);
    expect(prompts(...typed, ...typed, answer)).toEqual(["go on", "go on"]);
    const said = item("UserMessage", { content: [{ type: "text", text: "go on" }] });
    expect(prompts(said, answer, said, answer)).toEqual(["go on", "go on"]);
  });

  test("the request of a review is one prompt, although it is recorded twice", () => {
    const asked = event("user_message", { message: "Review it" });
    const [begun, ended] = [event("entered_review_mode"), event("exited_review_mode")];
    const turn = event("task_started", { turn_id: "t2" });
    const review = [begun, turn, asked, asked, ended];
    expect(prompts(...review)).toEqual(["Review it"]);
    expect(prompts(...review, ...review, asked, asked)).toHaveLength(4);
  });

  test("in the oldest logs, which only have messages, each user message is a prompt", () => {
    const bare = (role: string, text: string) => ({ type: "message", role, content: [{ type: "input_text", text }] });
    expect(
      prompts(
        bare("user", "<environment_context>\n…\n</environment_context>"),
        bare("user", "one"),
        bare("assistant", "ok"),
        bare("user", "one"),
      ),
    ).toEqual(["one", "one"]);
  });

  test("a message that no event confirms is not a prompt in a log with prompt events", () => {
    const warning = message("user", "You are running out of room.");
    expect(prompts(event("user_message", { message: "Fix it" }), warning, answer, warning, answer)).toEqual(["Fix it"]);
  });

  test("a prompt has its time, turn and images", () => {
    const [prompt] = only(
      "prompt",
      parse(
        event("task_started", { turn_id: "t1" }),
        event(
          "user_message",
          { message: "Like this", images: ["data:image/png;base64,AA"], local_images: ["/a b.png"] },
          3,
        ),
      ),
    );
    expect(prompt).toMatchObject({
      at: at(3),
      turn: "t1",
      images: [{ url: "data:image/png;base64,AA" }, { url: "/a b.png" }],
    });
  });

  test("an image without text is a prompt", () => {
    const shown = item("UserMessage", { content: [{ type: "local_image", path: "/shot.png" }] });
    expect(only("prompt", parse(shown))).toMatchObject([{ text: "", images: [{ url: "/shot.png" }] }]);
  });

  test("the tags around an image in a message are not part of the prompt", () => {
    const content = [
      { type: "input_text", text: '<image name=[Image #1] path="/shot.png">' },
      { type: "input_image", image_url: "data:image/png;base64,AA" },
      { type: "input_text", text: "</image>" },
      { type: "input_text", text: "Like this" },
    ];
    expect(prompts(response("message", { role: "user", content }), answer)).toEqual(["Like this"]);
  });

  test("injected parts of a message are not part of the prompt", () => {
    const content = [
      { type: "input_text", text: "# AGENTS.md instructions for /home/dev\n\n<INSTRUCTIONS>be kind</INSTRUCTIONS>" },
      { type: "input_text", text: "<environment_context>\n</environment_context>" },
      { type: "input_text", text: "Fix it" },
    ];
    expect(prompts(response("message", { role: "user", content }), answer)).toEqual(["Fix it"]);
  });

  test("the kinds that a message records for its parts decide", () => {
    const marked = (text: string, kind: string) =>
      response("message", {
        role: "user",
        content: [{ type: "input_text", text }],
        internal_chat_message_metadata_passthrough: { content_item_kinds: [kind] },
      });
    expect(prompts(marked("remember this", "memories.context"), marked("Fix it", "user.text"), answer)).toEqual([
      "Fix it",
    ]);
  });

  test("context that the editor added is removed", () => {
    const text = "# Context from my IDE setup:\n\n## Open tabs:\n- cart.js\n\n## My request for Codex:\nFix it\n";
    expect(prompts(event("user_message", { message: text }), answer)).toEqual(["Fix it"]);
  });

  test("an event of a kind other than `plain` is not a prompt", () => {
    expect(
      prompts(
        event("user_message", { message: "<environment_context>…</environment_context>", kind: "environment_context" }),
        event("user_message", { message: "be kind", kind: "user_instructions" }),
        event("user_message", { message: "Fix it", kind: "plain" }),
      ),
    ).toEqual(["Fix it"]);
  });

  test("history repeated by a compaction gives no events", () => {
    const history = [{ type: "message", role: "user", content: [{ type: "input_text", text: "Fix it" }] }];
    const parsed = parse(
      event("user_message", { message: "Fix it" }),
      line("compacted", { message: "So far: fixed.", replacement_history: history }),
      event("agent_message", { message: "Done." }),
    );
    expect(parsed.events.map(({ kind }) => kind)).toEqual(["prompt", "compaction", "reply"]);
  });

  test("a prompt given during a turn is one prompt", () => {
    expect(
      prompts(
        event("user_message", { message: "Fix it" }),
        call("c1", "exec_command", { cmd: "ls" }),
        message("user", "And test it"),
        event("user_message", { message: "And test it" }),
        output("c1", "Process exited with code 0\nOutput:\n"),
      ),
    ).toEqual(["Fix it", "And test it"]);
  });
});

test.each([
  "<environment_context>\n  <cwd>/x</cwd>\n</environment_context>",
  "# AGENTS.md instructions for /home/dev/shop\n\n<INSTRUCTIONS>\n</INSTRUCTIONS>",
  "<user_instructions>\n\nbe kind\n\n</user_instructions>",
  "<skill>\n<name>deploy</name>\n</skill>",
  "<turn_aborted>\nThe user interrupted the previous turn on purpose.\n</turn_aborted>",
  '<subagent_notification>{"agent_id":"x"}</subagent_notification>',
  "<user_shell_command>\n<command>ls</command>\n</user_shell_command>",
  "<some_new_context>\nanything\n</some_new_context>",
])("%p is injected context", (text) => {
  expect(isInjected(text)).toBe(true);
});

test.each([
  "<div>center this</div>",
  "# Plan\n\n1. Fix the cart",
  "<b>One</b> more thing",
  "<environment> variables are not read, why?",
  "Explain the <environment_context> block",
])("%p is typed text", (text) => {
  expect(isInjected(text)).toBe(false);
});
