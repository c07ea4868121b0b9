import { expect, test } from "bun:test";
import { labelFromPrompt } from "../../src/runs/label.ts";
import { Redactor } from "../../src/secrets/redactor.ts";

const TOKEN = `ghp_${"a1B2c3D4e5F6g7H8i9J0".repeat(2)}`;

test.each([
  ["Fix the cart", "Fix the cart"],
  ["  Fix\n\nthe   cart\t", "Fix the cart"],
  ["Make the cart total nought when it is empty", "Make the cart total nought when"],
  ["x".repeat(200), null],
  ["", null],
])("%j is called %j", (prompt, label) => {
  expect(labelFromPrompt(prompt)).toBe(label);
});

test("a label holds no secret of its prompt", () => {
  expect(labelFromPrompt(`Use ${TOKEN} now`)).toBe("Use [REDACTED:github-token] now");
});

test("what the session knows as a secret is in no label", () => {
  const secrets = new Redactor();
  secrets.learn("password=hunter22!");
  expect(labelFromPrompt("Why hunter22! fails", secrets)).toBe("Why [REDACTED:password] fails");
});
