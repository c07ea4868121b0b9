// Colors, and the escaping of control characters.
import { expect, test } from "bun:test";
import { painter, wantsColor } from "../../src/cli/terminal.ts";
import { escapeControls, escapeLine } from "../../src/cli/terminal-escape.ts";
import { NASTY, TRICKS, tricksIn } from "./hostile-text.ts";

test.each([
  [true, {}, true],
  [false, {}, false],
  [true, { NO_COLOR: "1" }, false],
  [true, { NO_COLOR: "" }, true],
  [false, { CLICOLOR_FORCE: "1" }, true],
  [false, { CLICOLOR_FORCE: "0" }, false],
  [true, { CLICOLOR_FORCE: "1", NO_COLOR: "1" }, false],
  [true, { TERM: "dumb" }, false],
  [true, { CLICOLOR: "0" }, false],
])("on a terminal: %p, with %j: color %p", (isTerminal, env, expected) => {
  expect(wantsColor(isTerminal, env)).toBe(expected);
});

test("color is reset after the text, and absent when not wanted", () => {
  expect(painter(true, {})("red", "x")).toBe("\u001b[31mx\u001b[39m");
  expect(painter(false, {})("red", "x")).toBe("x");
});

test("control characters and bidirectional overrides are replaced", () => {
  expect(escapeControls("a\u001b[2Jb\rc\u0007d\u009b1me\u202ef\u2066g\u007f")).toBe("a�b�c�d�e�f�g�");
});

test("keeps text of any script, line feeds and tabs", () => {
  const text = "naïve 日本語 हिन्दी 👩‍💻\tx\ny\u200d\u00a0";
  expect(escapeControls(text)).toBe(text);
});

test("a whole escape sequence becomes one replacement character", () => {
  expect(escapeControls(`a${TRICKS.clipboard}b${TRICKS.title}c${TRICKS.c1}d${TRICKS.device}e`)).toBe(
    "a\ufffdb\ufffdc\ufffd\ufffd\ufffdd\ufffd\ufffde",
  );
  expect(tricksIn(escapeControls(NASTY))).toEqual([]);
  expect(escapeLine("a\n\tb")).toBe("a\ufffd\ufffdb");
});

test("unterminated sequences take no time", () => {
  for (const piece of ["\u001b]", "\u009d", "\u001b[", "\u001bP\u0090", "\u001b]x"]) {
    expect(tricksIn(escapeControls(piece.repeat(200_000)))).toEqual([]);
  }
});
