import { expect, test } from "bun:test";
import { lastWindow, shorten, TextCleaner, window } from "../../src/digest/clean-text.ts";

test("a text that is too long keeps its first three quarters and its last quarter", () => {
  expect(shorten("abcdefgh", 8)).toBe("abcdefgh");
  expect(shorten("abcdefghijk", 8)).toBe("abcdef […3 characters omitted…] jk");
});

test("the last lines of an output are cut at their start", () => {
  const cleaner = new TextCleaner();
  expect(cleaner.tail("1\n2\n3\n", 2, 100)).toBe("2\n3");
  expect(cleaner.tail("abcdef", 1, 6)).toBe("abcdef");
  expect(cleaner.tail("abcdefg", 1, 6)).toBe("…cdefg");
});

test("a window keeps both ends of a text without the words at the cuts", () => {
  expect(window("aa bb cc dd", 11)).toBe("aa bb cc dd");
  expect(window("aa bb cc dd ee", 10)).toBe("aa \n[…]\n ee");
  expect(window("x".repeat(32_768))).toHaveLength(32_768);
  expect(window("x".repeat(32_769))).toHaveLength(2 * (16_384 - 400) + "\n[…]\n".length);
});

test("the window of an output keeps its end", () => {
  expect(lastWindow("aa bb cc dd", 11)).toBe("aa bb cc dd");
  expect(lastWindow("aa bb cc dd ee", 4)).toBe(" ee");
  expect(lastWindow("x".repeat(8_192))).toHaveLength(8_192);
  expect(lastWindow("x".repeat(8_193))).toHaveLength(8_192 - 400);
});

test("secrets are counted, control characters removed except tabs and line feeds", () => {
  const cleaner = new TextCleaner({ home: "/home/dev" });
  expect(cleaner.clean("a\u0000\tb\r\n/home/dev/x password=hunter2")).toBe("a\tb\n~/x password=[REDACTED:password]");
  expect(cleaner.redactions).toBe(1);
});
