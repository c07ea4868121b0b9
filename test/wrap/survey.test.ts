import { expect, test } from "bun:test";
import { labelOf, surveyRun } from "../../src/wrap/survey.ts";
import { at, message, meta, T0 } from "../sessions/codex/rollout.ts";
import { makeHome, uuid } from "../sessions/logs.ts";

const TOKEN = `ghp_${"a1B2c3D4e5F6g7H8i9J0".repeat(2)}`;

test.each([
  ["Fix the cart", "Fix the cart"],
  ["  Fix\n\nthe   cart\t", "Fix the cart"],
  ["Make the cart total nought when it is empty", "Make the cart total nought when"],
  ["x".repeat(200), null],
  ["", null],
])("%j is called %j", (prompt, label) => {
  expect(labelOf(prompt)).toBe(label);
});

test("a label holds no secret of its prompt", () => {
  expect(labelOf(`Use ${TOKEN} now`)).toBe("Use [redacted:github-token] now");
});

test("a session with nothing after its start is idle", async () => {
  const home = await makeHome();
  const id = uuid(T0);
  const path = await home.write(id, [
    meta(id),
    message("user", "Fix the cart", 1),
    message("user", "And now this", 30),
  ]);
  const survey = (start: string) => surveyRun({ tool: "codex", path }, { start, end: null }, true);
  expect(await survey(at(0))).toEqual({ sessionId: id, idle: false, firstPrompt: "Fix the cart" });
  expect(await survey(at(20))).toEqual({ sessionId: id, idle: false, firstPrompt: "And now this" });
  expect(await survey(at(40))).toEqual({ sessionId: id, idle: true, firstPrompt: null });
  await home.remove();
});
