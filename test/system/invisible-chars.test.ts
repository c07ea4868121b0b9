import { expect, test } from "bun:test";
import { escapeInvisible, stripInvisible } from "../../src/system/invisible-chars.ts";
import { NASTY, tricksIn } from "../cli/hostile-text.ts";

const ORDINARY = "naïve 日本語 हिन्दी क्‍ष می‌خواهم עברית 👩‍💻 ❤️ \u00a0\tx\ny";

test("removes invisible characters, and keeps those that scripts and emoji need", () => {
  expect(stripInvisible("a\u200bb\u202ec\u2066d\u200fe\u00adf\ufeffg\u{e0061}h\u2028i")).toBe("abcdefgh\ni");
  expect(stripInvisible(ORDINARY)).toBe(ORDINARY);
});

test("JSON is the same data without active characters", () => {
  for (const text of [NASTY, ORDINARY, "\u{e0061}\u{1f600}\ud800"]) {
    const json = escapeInvisible(JSON.stringify({ [text]: text }));
    expect(JSON.parse(json)).toEqual({ [text]: text });
    expect(tricksIn(json)).toEqual([]);
  }
  expect(escapeInvisible(JSON.stringify("é 👩‍💻"))).toBe('"é 👩‍💻"');
});
