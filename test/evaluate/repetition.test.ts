import { describe, expect, test } from "bun:test";
import { DigestCollector } from "../../src/digest/collector.ts";
import { promptRepetition, promptsOf, repetition } from "../../src/evaluate/repetition.ts";

import { about, evidence, prompt as promptEvent } from "../digest/sample.ts";

const prompt = "Fix the empty cart total crash and add a checkout lock helper";
const long = `${prompt}. Then please look at every other place that sums prices, because I saw the crash twice today.`;

describe("repeats a prompt word for word", () => {
  const cases: [string, string, string][] = [
    ["as a whole", `${prompt}.`, prompt],
    ["in quotes and capitals", `The user asked: “${prompt.toUpperCase()}”!`, prompt],
    ["over several lines", prompt.replaceAll(" ", "\n"), prompt],
    ["a part of it, alone", "look at every other place that sums prices", long],
    ["eight words of it", "It was asked to look at every other place that sums prices, twice.", long],
    ["with other punctuation", "Then, please - look at “every” other, place: that; sums!", long],
    ["without spaces where there is punctuation", "then,please,look,at,every,other,place,that", long],
    [
      "with and without hyphens",
      "the read only cart view and the check out page",
      "Fix the read-only cart-view and the check-out page",
    ],
    [
      "with other apostrophes",
      "It said that’s why I don’t want the carts' totals",
      "that's why I don't want the cart’s totals here",
    ],
    ["with invisible characters in it", prompt.replaceAll("a", "a\u200b\u00ad"), prompt],
    [
      "in full-width letters",
      [...prompt].map((c) => (c === " " ? c : String.fromCharCode(c.charCodeAt(0) + 0xfee0))).join(""),
      prompt,
    ],
    [
      "in a script without spaces",
      "用户要求修复购物车总价为空时的崩溃问题并添加锁。",
      "请修复购物车总价为空时的崩溃问题并添加结账锁",
    ],
  ];
  for (const [name, text, asked] of cases) test(name, () => expect(promptRepetition([asked])(text)).toBe(true));
});

describe("paraphrases", () => {
  const cases: [string, string, string[]][] = [
    [
      "names and paths, in other words",
      "Renamed src/util.js to src/helpers.js and updated docs/guide.md.",
      ["Rename src/util.js to src/helpers.js and update docs/guide.md"],
    ],
    ["short phrases", "Ran npm test and fixed the bug.", ["npm test", "fix the bug"]],
    ["seven words in a row", "Made it look at every other place that sums totals.", [long]],
    [
      "flags in a row",
      "Ran it with --ephemeral --ignore-user-config --ignore-rules --skip-git-repo-check.",
      ["Please try --ephemeral --ignore-user-config --ignore-rules --skip-git-repo-check again tomorrow, or never"],
    ],
    ["a few characters of a script without spaces", "修复了购物车。", ["请修复购物车总价为空时的崩溃问题并添加结账锁"]],
    ["anything, if there is no prompt", "Fixed the cart.", []],
  ];
  for (const [name, text, asked] of cases) test(name, () => expect(promptRepetition(asked)(text)).toBe(false));
});

test("a prompt of 20 characters may not be repeated, a shorter one may", () => {
  expect(promptRepetition(["abcdefghij klmnopqrs"])("Asked: abcdefghij klmnopqrs!")).toBe(true);
  expect(promptRepetition(["abcdefghij klmnopqr"])("Asked: abcdefghij klmnopqr!")).toBe(false);
});

test("20 characters of a prompt may not be repeated alone, fewer may", () => {
  const repeats = promptRepetition(["abcdefghij klmnopqrs is a prompt"]);
  expect(repeats("Abcdefghij klmnopqrs.")).toBe(true);
  expect(repeats("Abcdefghij klmnopqr.")).toBe(false);
});

test("the first 50,000 characters of a prompt are compared", () => {
  const quoted = "look at every other place that sums prices";
  const repeats = (start: number) => promptRepetition([`${"x".repeat(start)} ${quoted}`])(`It did ${quoted} now.`);
  expect(repeats(50_000 - 1 - quoted.length)).toBe(true);
  expect(repeats(50_000 - quoted.length)).toBe(false);
  expect(repetition([`${"x".repeat(50_000)} ${quoted}`], 4)(quoted)).toBe(false);
});

test("texts share as many words in a row as given", () => {
  expect(repetition(["one two three four"], 4)("Zero one two three four.")).toBe(true);
  expect(repetition(["one two three four"], 4)("One two three. Four or five.")).toBe(true);
  expect(repetition(["one two three four"], 4)("One two three and four.")).toBe(false);
});

test("a digest's prompts are those of its timeline and of earlier runs, shortened ones in parts", () => {
  const collector = new DigestCollector();
  const text = `start ${"why ".repeat(1_000)}end`;
  collector.push(promptEvent("Fix it"));
  collector.push(promptEvent(text));
  const [prior, first, start, end, ...rest] = promptsOf(
    collector.build(evidence(), { ...about, priorPrompts: ["Hi"] }),
  );
  expect([prior, first, rest]).toEqual(["Hi", "Fix it", []]);
  expect(start).toStartWith("start why");
  expect(end).toEndWith("why end");
});
