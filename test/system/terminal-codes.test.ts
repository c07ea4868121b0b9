import { expect, test } from "bun:test";
import { stripTerminalCodes } from "../../src/system/terminal-codes.ts";

test.each([
  ["colors", "\u001b[31mred\u001b[0m \u001b[38;5;1mone\u001b[m", "red one"],
  ["a link", "\u001b]8;;http://x.test\u0007text\u001b]8;;\u001b\\", "text"],
  ["a title", "\u001b]0;title\u001b\\after", "after"],
  ["the cursor and the screen", "\u001b[?25l\u001b[2K\u001b[1;1Hhere\u001bM", "here"],
  ["codes of one byte", "\u009b1mbold\u009b0m", "bold"],
])("removes %s", (_name, text, left) => {
  expect(stripTerminalCodes(text)).toBe(left);
});

test("keeps the text after an unterminated code", () => {
  expect(stripTerminalCodes(`\u001b]0;${"hidden ".repeat(1_000)}`)).toContain("hidden hidden");
  expect(stripTerminalCodes(`\u001b[${"1;".repeat(1_000)}`)).toContain("1;1;1");
});

test("takes linear time on many unterminated codes", () => {
  const text = "\u001b]".repeat(200_000);
  expect(stripTerminalCodes(text).length).toBeLessThanOrEqual(text.length);
});
