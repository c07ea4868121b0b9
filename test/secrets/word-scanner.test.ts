import { expect, test } from "bun:test";
import { KEYWORDS } from "../../src/secrets/assignments.ts";
import { SECRET_RULES } from "../../src/secrets/rule-set.ts";
import { WordScanner } from "../../src/secrets/word-scanner.ts";

const scanner = new WordScanner([["token", "_auth"], ["ghp_"], ["://"]]);
const found = (text: string) => Object.fromEntries(scanner.scan(text) ?? []);

test("finds every word in any case, also at both ends of the text", () => {
  expect(found("token TOKEN my_auth tokenToken")).toEqual({ 0: [0, 6, 14, 20, 25] });
  expect(found("ftp://ghp_ghp_")).toEqual({ 1: [6, 10], 2: [3] });
});

test("returns null without a match", () => {
  for (const text of ["", "to", "toke", "t\u200boken", "tok\u00e9n", "\u0174oken", "ghp-", ":/", "tòken".repeat(9)]) {
    expect(scanner.scan(text)).toBeNull();
  }
});

test("reports a position once per rule when one word is a prefix of another", () => {
  expect(Object.fromEntries(new WordScanner([["abc", "abcd"], ["abcd"]]).scan("abcd") ?? [])).toEqual({
    0: [0],
    1: [0],
  });
});

test("every word has at least three printable ASCII characters", () => {
  const words = [...SECRET_RULES.flatMap(({ begins }) => begins), ...KEYWORDS];
  expect(words.filter((word) => word.length < 3 || /[^ -~]|[A-Z]/.test(word))).toEqual([]);
});
