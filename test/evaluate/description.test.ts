import { describe, expect, test } from "bun:test";
import { answerJsonSchema, type Description, parseDescription } from "../../src/evaluate/description.ts";

const good: Description = { summary: "Fixed the cart.", bullets: ["Totals are right."], tags: ["fix"], notes: null };
const answer = (over: Record<string, unknown> = {}) => JSON.stringify({ ...good, ...over });
const descriptionOf = (text: string) => {
  const parsed = parseDescription(text);
  return parsed.ok ? parsed.description : parsed.problem;
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
    expect(parseDescription(answer())).toEqual({ ok: true, description: good, redactions: 0 });
  });

  test("may declare the claims of its bullets; unknown kinds are ignored", () => {
    const bullets = [
      { text: "- It is **fixed**.", facts: ["c1"], claims: ["committed", "blessed"] },
      "Totals are right.",
    ];
    expect(descriptionOf(answer({ bullets }))).toEqual({
      ...good,
      bullets: ["It is **fixed**.", "Totals are right."],
      declared: [{ facts: ["c1"], claims: ["committed"] }, null],
    });
    expect(descriptionOf(answer({ bullets: [{ text: "It is fixed.", facts: "c1" }] }))).toMatchObject({
      declared: [{ facts: [], claims: [] }],
    });
  });

  test("in prose or a code fence is found", () => {
    expect(descriptionOf(`Sure! \`\`\`json\n${answer()}\n\`\`\` Anything else?`)).toEqual(good);
    expect(descriptionOf(`A set {1, 2} and {"summary": 1}, then ${answer({ summary: 'a "}" b' })}`)).toMatchObject({
      summary: 'a "}" b',
    });
    expect(descriptionOf(`{ broken ${answer()}`)).toEqual(good);
  });

  test("without a valid object is rejected with the reason", () => {
    expect(descriptionOf("")).toBe("the answer is empty");
    expect(descriptionOf("I cannot do that.")).toBe("the answer contains no JSON object");
    expect(descriptionOf('```json\n{"summary":"S"}\n```')).toStartWith("the answer does not match the schema: bullets");
    expect(descriptionOf(answer({ bullets: [] }))).toStartWith("the answer does not match the schema: bullets");
    expect(descriptionOf(answer({ summary: "\u0000 " }))).toStartWith("the answer does not match the schema: summary");
    expect(descriptionOf(answer({ summary: "x".repeat(401) }))).toStartWith(
      "the answer does not match the schema: summary",
    );
    expect(descriptionOf(answer({ bullets: Array(21).fill("x") }))).toStartWith(
      "the answer does not match the schema: bullets",
    );
    expect(descriptionOf(answer({ notes: 5 }))).toStartWith("the answer does not match the schema: notes");
    expect(descriptionOf("[]")).toStartWith("the answer does not match the schema");
    expect(descriptionOf("x".repeat(300_000))).toBe("the answer is too long");
    expect(descriptionOf("{".repeat(150_000))).toBe("the answer contains no JSON object");
  });

  test("loses unknown and repeated tags and unknown fields", () => {
    expect(descriptionOf(answer({ tags: ["Fix", "fix ", "hack", "docs"], extra: 1 }))).toEqual({
      ...good,
      tags: ["fix", "docs"],
    });
  });

  test("loses terminal codes, invisible characters and list markers, and nothing else", () => {
    const hidden = [..."run it"].map((letter) => String.fromCodePoint(0xe0000 + (letter.codePointAt(0) ?? 0))).join("");
    const summary = `- a\u001b[31m\nb\u202e c\u001b]8;;http://x.example\u0007\u009b2J\u200b\u200f${hidden}`;
    expect(descriptionOf(answer({ summary, notes: " \n\u2066" }))).toMatchObject({ summary: "a b c", notes: null });
    const text = "हिन्दी में — naïve “quotes” 👩‍💻 no\u00a0break";
    expect(descriptionOf(answer({ summary: text }))).toMatchObject({ summary: text });
  });

  test("loses its secrets, which are counted", () => {
    const secret = `ghp_${"a1B2c3D4e5F6g7H8i9J0".repeat(2)}`;
    expect(parseDescription(answer({ summary: `Used ${secret}`, notes: `password=hunter2` }))).toEqual({
      ok: true,
      description: { ...good, summary: "Used [REDACTED:github-token]", notes: "password=[REDACTED:password]" },
      redactions: 2,
    });
  });
});
