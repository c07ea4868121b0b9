import { afterEach, describe, expect, test } from "bun:test";
import { compileOwnRule } from "../../src/secrets/own-pattern.ts";
import { redact } from "../../src/secrets/redact.ts";
import { setOwnRules } from "../../src/secrets/rule-set.ts";

const compile = (pattern: string) => compileOwnRule({ kind: "own", pattern });
afterEach(() => void setOwnRules({ allow: [], rules: [] }));

describe("a pattern is taken", () => {
  for (const [pattern, text] of [
    ["acme_[a-z0-9]{32}", `acme_${"a1".repeat(16)}`],
    ["acme-\\d+", "acme-12345"],
    ["k\\.v\\.[A-Za-z]{4}-[^\\s]{2,8}", "k.v.abCD-x!y"],
  ] as const) {
    test(pattern, () => {
      expect(setOwnRules({ allow: [], rules: [{ kind: "own", pattern }] })).toEqual([]);
      expect(redact(`a ${text} b`).text).toBe("a [REDACTED:own] b");
    });
  }
});

describe("a pattern that could take for ever, or would be tried everywhere, is not", () => {
  for (const pattern of [
    "(a+)+$",
    "abc(d|e)",
    "abc.*x",
    "abc[a-z]+[a-z]+x",
    "[a-z]{20}",
    "ab[0-9]",
    "abc|d",
    "^abc",
    "",
  ]) {
    test(pattern, () => expect(compile(pattern)).toBeString());
  }
});

test("the slowest pattern that is taken comes to an end on a hostile text of a megabyte", () => {
  expect(setOwnRules({ allow: [], rules: [{ kind: "own", pattern: "aaa[a-z]+[0-9]{9}" }] })).toEqual([]);
  const text = "a".repeat(1_000_000);
  expect(redact(text).text).toBe(text);
});

test("an allowed value is left, and nothing but it", () => {
  setOwnRules({ allow: ["hunter22"], rules: [] });
  expect(redact("password=hunter22 password=hunter2").text).toBe("password=hunter22 password=[REDACTED:password]");
});
