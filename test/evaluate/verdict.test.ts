import { describe, expect, test } from "bun:test";
import { answerJsonSchema, parseVerdict, type Verdict } from "../../src/evaluate/verdict.ts";

const good: Verdict = { summary: "Fixed the cart.", bullets: ["Totals are right."], tags: ["fix"], notes: null };
const answer = (over: Record<string, unknown> = {}) => JSON.stringify({ ...good, ...over });
const verdictOf = (text: string) => {
  const parsed = parseVerdict(text);
  return parsed.ok ? parsed.verdict : parsed.problem;
};

test("the schema requires every property and allows no other", () => {
  expect(answerJsonSchema()).toMatchInlineSnapshot(`
    {
      "additionalProperties": false,
      "properties": {
        "bullets": {
          "description": "What changed and why, in order of importance.",
          "items": {
            "additionalProperties": false,
            "properties": {
              "claims": {
                "description": "The kinds of outcome that it claims; usually none.",
                "items": {
                  "enum": [
                    "tests_passed",
                    "tests_failed",
                    "committed",
                    "pushed",
                    "tagged",
                    "merged",
                    "reverted",
                    "released",
                    "published",
                    "deployed",
                    "pull_request",
                    "ci",
                    "built",
                    "linted",
                    "installed",
                    "created",
                    "deleted",
                    "fixed",
                    "counted",
                    "measured",
                  ],
                  "type": "string",
                },
                "type": "array",
              },
              "facts": {
                "description": "The ids of the facts that it rests on.",
                "items": {
                  "type": "string",
                },
                "type": "array",
              },
              "text": {
                "description": "A complete sentence: what changed and why.",
                "type": "string",
              },
            },
            "required": [
              "text",
              "facts",
              "claims",
            ],
            "type": "object",
          },
          "type": "array",
        },
        "notes": {
          "description": "What the next engineer must know; null if there is nothing.",
          "type": [
            "string",
            "null",
          ],
        },
        "summary": {
          "description": "One line: what this run achieved.",
          "type": "string",
        },
        "tags": {
          "description": "The types of conventional commits that fit the work.",
          "items": {
            "enum": [
              "feat",
              "fix",
              "docs",
              "refactor",
              "test",
              "chore",
              "perf",
              "build",
              "ci",
              "style",
              "revert",
            ],
            "type": "string",
          },
          "type": "array",
        },
      },
      "required": [
        "summary",
        "bullets",
        "tags",
        "notes",
      ],
      "type": "object",
    }
  `);
});

describe("an answer", () => {
  test("that is JSON is parsed", () => {
    expect(parseVerdict(answer())).toEqual({ ok: true, verdict: good, redactions: 0 });
  });

  test("may declare the claims of its bullets; unknown kinds are ignored", () => {
    const bullets = [
      { text: "- It is **fixed**.", facts: ["c1"], claims: ["committed", "blessed"] },
      "Totals are right.",
    ];
    expect(verdictOf(answer({ bullets }))).toEqual({
      ...good,
      bullets: ["It is **fixed**.", "Totals are right."],
      declared: [{ facts: ["c1"], claims: ["committed"] }, null],
    });
    expect(verdictOf(answer({ bullets: [{ text: "It is fixed.", facts: "c1" }] }))).toMatchObject({
      declared: [{ facts: [], claims: [] }],
    });
  });

  test("in prose or a code fence is found", () => {
    expect(verdictOf(`Sure! \`\`\`json\n${answer()}\n\`\`\` Anything else?`)).toEqual(good);
    expect(verdictOf(`A set {1, 2} and {"summary": 1}, then ${answer({ summary: 'a "}" b' })}`)).toMatchObject({
      summary: 'a "}" b',
    });
    expect(verdictOf(`{ broken ${answer()}`)).toEqual(good);
  });

  test("without a valid object is rejected with the reason", () => {
    expect(verdictOf("")).toBe("the answer is empty");
    expect(verdictOf("I cannot do that.")).toBe("the answer contains no JSON object");
    expect(verdictOf('```json\n{"summary":"S"}\n```')).toStartWith("the answer does not match the schema: bullets");
    expect(verdictOf(answer({ bullets: [] }))).toStartWith("the answer does not match the schema: bullets");
    expect(verdictOf(answer({ summary: "\u0000 " }))).toStartWith("the answer does not match the schema: summary");
    expect(verdictOf(answer({ summary: "x".repeat(401) }))).toStartWith(
      "the answer does not match the schema: summary",
    );
    expect(verdictOf(answer({ bullets: Array(21).fill("x") }))).toStartWith(
      "the answer does not match the schema: bullets",
    );
    expect(verdictOf(answer({ notes: 5 }))).toStartWith("the answer does not match the schema: notes");
    expect(verdictOf("[]")).toStartWith("the answer does not match the schema");
    expect(verdictOf("x".repeat(300_000))).toBe("the answer is too long");
    expect(verdictOf("{".repeat(150_000))).toBe("the answer contains no JSON object");
  });

  test("loses unknown and repeated tags and unknown fields", () => {
    expect(verdictOf(answer({ tags: ["Fix", "fix ", "hack", "docs"], extra: 1 }))).toEqual({
      ...good,
      tags: ["fix", "docs"],
    });
  });

  test("loses terminal codes, invisible characters and list markers, and nothing else", () => {
    const hidden = [..."run it"].map((letter) => String.fromCodePoint(0xe0000 + (letter.codePointAt(0) ?? 0))).join("");
    const summary = `- a\u001b[31m\nb\u202e c\u001b]8;;http://x.example\u0007\u009b2J\u200b\u200f${hidden}`;
    expect(verdictOf(answer({ summary, notes: " \n\u2066" }))).toMatchObject({ summary: "a b c", notes: null });
    const text = "हिन्दी में — naïve “quotes” 👩‍💻 no\u00a0break";
    expect(verdictOf(answer({ summary: text }))).toMatchObject({ summary: text });
  });

  test("loses its secrets, which are counted", () => {
    const secret = `ghp_${"a1B2c3D4e5F6g7H8i9J0".repeat(2)}`;
    expect(parseVerdict(answer({ summary: `Used ${secret}`, notes: `password=hunter2` }))).toEqual({
      ok: true,
      verdict: { ...good, summary: "Used [REDACTED:github-token]", notes: "password=[REDACTED:password]" },
      redactions: 2,
    });
  });
});
