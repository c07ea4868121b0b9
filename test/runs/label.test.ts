import { expect, test } from "bun:test";
import { labelFromPrompt, labelOfDirectory } from "../../src/runs/label.ts";
import { Redactor } from "../../src/secrets/redactor.ts";

const TOKEN = `ghp_${"a1B2c3D4e5F6g7H8i9J0".repeat(2)}`;

test.each([
  ["Fix the cart", "Fix the cart"],
  ["  Fix\n\nthe   cart\t", "Fix the cart"],
  ["Make the cart total nought when it is empty", "Make the cart total nought when"],
  ["x".repeat(200), null],
  ["", null],
])("the prompt %j becomes the label %j", (prompt, label) => {
  expect(labelFromPrompt(prompt)).toBe(label);
});

test("a label contains no secret of its prompt", () => {
  expect(labelFromPrompt(`Use ${TOKEN} now`)).toBe("Use [REDACTED:github-token] now");
});

test("a label contains no secret that the session knows", () => {
  const secrets = new Redactor();
  secrets.learn("password=hunter22!");
  expect(labelFromPrompt("Why hunter22! fails", secrets)).toBe("Why [REDACTED:password] fails");
});

test.each([
  ["2026-01-04-0207_Fix_cart", [], "Fix cart"],
  ["2026-01-04-0207_Phase_2", [], "Phase 2"],
  ["2026-01-04-0207_Fix_cart_2", ["2026-01-04-0207_Fix_cart"], "Fix cart"],
  ["2026-01-04-0207_session", [], ""],
  ["2026-01-04-0207_session_2", ["2026-01-04-0207_session"], ""],
  ["2026-01-04-0207", [], ""],
  ["2026-01-04-0207_2", ["2026-01-04-0207"], ""],
  ["my_own_name", [], "my own name"],
])("the directory %s beside %p has the label `%s`", (name, siblings, label) => {
  expect(labelOfDirectory(`/shop/.codex/sessions/${name}`, new Set(siblings))).toBe(label);
});

test("terminal codes and invisible characters of a prompt are not in its label", () => {
  expect(labelFromPrompt("\u001b[31mfix\u202e gnp.exe\u001b[0m it")).toBe("fix gnp.exe it");
  expect(labelFromPrompt("\u001b]0;title\u0007Add\u200b a\u0000note")).toBe("Add a note");
  expect(labelFromPrompt("\u001b[2J\u202e")).toBeNull();
});
