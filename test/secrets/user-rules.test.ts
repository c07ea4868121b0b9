import { afterEach, describe, expect, test } from "bun:test";
import { redact } from "../../src/secrets/redact.ts";
import { setUserRules } from "../../src/secrets/rule-set.ts";

const use = (pattern: string) => setUserRules({ allow: [], rules: [{ kind: "own", pattern }] });
afterEach(async () => {
  await setUserRules({ allow: [], rules: [] });
});

describe("any RE2 pattern redacts what it matches", () => {
  test.each([
    ["acme_[a-z0-9]{32}", `acme_${"a1".repeat(16)}`],
    ["acme-\\d+", "acme-12345"],
    ["k\\.v\\.[A-Za-z]{4}-[^\\s]{2,8}", "k.v.abCD-x!y"],
    ["acme_(live|test)_[a-z0-9]{4}", "acme_test_a1b2"],
    ["abc|[0-9]{4}z", "1234z"],
    ["(?i)acme-[a-f]+-[0-9]+", "ACME-BEEF-17"],
    ["\\bacme[a-z]+[a-z]+x\\b", "acmesecretx"],
    ["[A-Z]{3}[0-9]{7}", "ABC1234567"],
    ["(?P<team>red|blue):[^ ]+", "blue:s3"],
    ["\\pL{3}\\x{2603}", "日本語☃"],
  ])("%s", async (pattern, secret) => {
    expect(await use(pattern)).toBeNull();
    expect(redact(`a ${secret} b`)).toEqual({ text: "a [REDACTED:own] b", count: 1 });
    expect(redact(secret)).toEqual({ text: "[REDACTED:own]", count: 1 });
    // Far apart, so that they are found in different windows.
    const far = "x - ".repeat(30_000);
    expect(redact(`${secret} ${far}${secret} ${secret}`).text).toBe(
      `[REDACTED:own] ${far}[REDACTED:own] [REDACTED:own]`,
    );
  });
});

describe("a pattern that cannot be used names its position and an alternative", () => {
  test.each([
    ["ab(?=c)", "at character 3 (`(?=`): RE2 has no lookahead: match the text itself, or end the pattern with `\\b`"],
    ["ab(?!c)", "at character 3 (`(?!`): RE2 has no lookahead"],
    ["(?<=a)b", "at character 1 (`(?<=a)b`): RE2 has no lookbehind"],
    ["\\(?(a)\\1", "at character 7 (`\\1`): RE2 has no back references: write the repeated part again"],
    ["ab++", "at character 3 (`++`): RE2 never backtracks"],
    ["a{2000}", "at character 2 (`{2000}`): use repetitions of at most 1000"],
    ["\\u0041", "at character 1 (`\\u`): write `\\x{0041}`"],
    ["ab(", "missing closing )"],
  ])("%s", async (pattern, problem) => {
    const message = await use(pattern);
    expect(message).toStartWith("the pattern of `own` is not valid ");
    expect(message).toContain(problem);
  });

  test.each(["", "a*", "a|", "^", "\\b", "$", "(x?)+"])("%j matches the empty string", async (pattern) => {
    expect(await use(pattern)).toBe(
      "the pattern of `own` matches the empty string: write at least one required character",
    );
  });

  test("too long or too large", async () => {
    expect(await use("a".repeat(1_001))).toBe("the pattern of `own` is longer than 1000 characters");
    expect(await use("[a-z]{1000}[a-z]{1000}[0-9]")).toBe("the pattern of `own` is too large: use smaller repetitions");
  });

  test("the earlier rules stay in use", async () => {
    expect(await use("acme-[0-9]+")).toBeNull();
    expect(await use("(")).not.toBeNull();
    expect(redact("acme-1").text).toBe("[REDACTED:own]");
  });
});

describe("anchors and boundaries apply to the whole text, not to a part of it", () => {
  const filler = "a".repeat(10_000);
  test.each([
    ["[a-z]+$", `1${filler}2`, `1${filler}2`],
    ["[a-z]+$", `1${filler}`, "1[REDACTED:own]"],
    ["^b+", `${filler}\nbbb`, `${filler}\nbbb`],
    ["(?m)^b+", `${filler}\nbbb`, `${filler}\n[REDACTED:own]`],
    ["\\ba{4}\\b", filler, filler],
    ["a+b", `${"a".repeat(1_000)}b`, "[REDACTED:own]"],
    ["a{2}a*", `1${filler}2`, "1[REDACTED:own]2"],
  ])("%s", async (pattern, text, redacted) => {
    await use(pattern);
    expect(redact(text).text).toBe(redacted);
  });
});

test("a match is never inside a placeholder", async () => {
  await use("[A-Z]{8}|own");
  const once = redact("SECRETSX own").text;
  expect(once).toBe("[REDACTED:own] [REDACTED:own]");
  expect(redact(once)).toEqual({ text: once, count: 0 });
});

test("a match that ends inside a placeholder replaces all of it", async () => {
  await use("key [^E]+E");
  expect(redact(`key ghp_${"a1B2".repeat(9)} x`).text).toBe(`key [REDACTED:github-token] x`);
  expect(redact("key [REDACTED:github-token] x").text).toBe("[REDACTED:own] x");
});

describe("a hostile text takes linear time", () => {
  const cases: [pattern: string, piece: string, length: number][] = [
    ["(a+)+$", "a", 100_000],
    ["(a+)+$", "ab", 100_000],
    ["(a|aa)+c", "a", 100_000],
    ["aaa[a-z]+[0-9]{9}", "a", 1_000_000],
    ["(.*)(.*)(.*)=[0-9]", "a=", 100_000],
    ["[ab]*a[ab]{200}[ab]?$", "ab", 100_000],
    ["x[^y]*y|xx", "x", 20_000],
  ];
  test.each(cases)(
    "%s on %j",
    async (pattern, piece, length) => {
      expect(await use(pattern)).toBeNull();
      const began = performance.now();
      redact(`${piece.repeat(length / piece.length)}!`);
      expect(performance.now() - began).toBeLessThan(10_000);
    },
    20_000,
  );
});

test("an allowed value is kept, and only that value", async () => {
  await setUserRules({ allow: ["hunter22"], rules: [] });
  expect(redact("password=hunter22 password=hunter2").text).toBe("password=hunter22 password=[REDACTED:password]");
});
