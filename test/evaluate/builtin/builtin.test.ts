import { describe, expect, test } from "bun:test";
import { evaluateBuiltin } from "../../../src/evaluate/builtin/builtin.ts";
import type { Evidence } from "../../../src/evidence/evidence.ts";
import { about, evidence } from "../../digest/sample.ts";

const descriptionOf = (facts: Partial<Evidence>, label = "Fix cart") =>
  evaluateBuiltin(evidence(facts), { ...about, label }).description;
const files = (touched: Partial<Evidence["touchedFiles"]>) => ({
  touchedFiles: { created: [], modified: [], deleted: [], moved: [], ...touched },
});
const failed = (command: string, exitCode: number | null = 1) => ({ command, exitCode, outputTail: "" });

test("a run with a commit, tests and a failure", () => {
  const description = descriptionOf({
    prompts: ["Fix the empty cart total crash and add a checkout lock helper"],
    ...files({ created: ["src/checkout/lock.js"], modified: ["src/cart.js"] }),
    tests: [
      { cmd: "npm test", result: "pass" },
      { cmd: "node --test test/fail.test.js", result: "fail" },
    ],
    commits: [{ hash: "b56f337", message: "fix(cart): empty cart totals to zero" }],
    failedCommands: [failed("cat does-not-exist.txt"), failed("node --test test/fail.test.js")],
  });
  expect(description).toEqual({
    summary: "Empty cart totals to zero: modified `src/cart.js` and created `src/checkout/lock.js`.",
    bullets: [
      "Committed `b56f337`: fix(cart): empty cart totals to zero.",
      "Modified `src/cart.js`.",
      "Created `src/checkout/lock.js`.",
      "`npm test` passed; `node --test test/fail.test.js` failed.",
      "`cat does-not-exist.txt` failed with exit status 1.",
    ],
    tags: ["fix"],
    notes: null,
  });
});

describe("summary", () => {
  const cases: [string, Partial<Evidence>, string][] = [
    ["nothing at all", {}, "Fix cart: no command ran and no file changed."],
    ["calls of unknown effect", { mcpCalls: 2 }, "Fix cart: made 2 MCP calls."],
    ["calls and commands", { commands: 1, mcpCalls: 1 }, "Fix cart: made 1 MCP call and ran 1 command."],
    ["one command", { commands: 1 }, "Fix cart: ran 1 command and changed no files."],
    ["commands", { commands: 5 }, "Fix cart: ran 5 commands and changed no files."],
    [
      "tests alone",
      {
        commands: 2,
        tests: [
          { cmd: "a", result: "pass" },
          { cmd: "b", result: "unknown" },
        ],
      },
      "Fix cart: ran tests and changed no files: 1 passed and 1 ended with an unknown result.",
    ],
    ["few files", files({ created: ["b.js"], modified: ["a.js"] }), "Fix cart: modified `a.js` and created `b.js`."],
    [
      "many files",
      files({ modified: ["1", "2", "3"], deleted: ["4"], moved: [{ from: "5", to: "6" }] }),
      "Fix cart: modified 3 files, deleted 1 and moved 1.",
    ],
    [
      "several commits",
      {
        commits: ["feat: one.", "Two", "fix!: three", "four"].map((message) => ({ hash: "abcdef1", message })),
      },
      "Made 4 commits: one; Two; three; and 1 more.",
    ],
    [
      "a commit of many files",
      { commits: [{ hash: "abcdef1", message: "docs: rename guide." }], ...files({ deleted: ["1", "2", "3", "4"] }) },
      "Rename guide: deleted 4 files.",
    ],
    [
      "a commit that names code",
      { commits: [{ hash: "abcdef1", message: "parseCart: say why" }] },
      "parseCart: say why.",
    ],
  ];
  for (const [name, facts, expected] of cases) {
    test(name, () => expect(descriptionOf(facts).summary).toBe(expected));
  }

  test("without a label", () => {
    expect(descriptionOf({ commands: 5 }, " ").summary).toBe("Ran 5 commands and changed no files.");
  });
});

describe("bullets", () => {
  const bullet = (facts: Partial<Evidence>) => descriptionOf(facts).bullets;

  test("are empty for an empty run", () => expect(bullet({})).toEqual([]));

  test("count many files by folder", () => {
    const modified = Array.from(
      { length: 300 },
      (_, n) => `src/${["cart", "lock", "user", "tax", "log"][n % 5]}/${n}.ts`,
    );
    expect(bullet(files({ modified, created: ["a", "b/c", "b/d", "b/e", "b/f", "b/g"] }))).toEqual([
      "Modified 300 files: 60 in `src/cart/`, 60 in `src/lock/`, 60 in `src/log/`, 60 in `src/tax/` and 60 elsewhere.",
      "Created 6 files: 5 in `b/` and 1 at the top level.",
    ]);
    expect(bullet(files({ deleted: modified.map((path) => `old/api/${path}`) }))).toEqual([
      "Deleted 300 files in `old/api/`.",
    ]);
    const moved = modified.map((to) => ({ from: `old/${to}`, to }));
    expect(bullet(files({ moved }))).toEqual([
      "Moved 300 files, including `old/src/cart/0.ts` to `src/cart/0.ts` and `old/src/lock/1.ts` to `src/lock/1.ts`.",
    ]);
  });

  test("summarize the runs of one test command", () => {
    const run = (cmd: string, ...results: ("pass" | "fail" | "unknown")[]) =>
      results.map((result) => ({ cmd, result }));
    expect(bullet({ tests: run("npm test", "fail", "fail", "pass") })).toEqual(["`npm test` passed after 2 failures."]);
    expect(bullet({ tests: run("npm test", "pass", "unknown", "fail") })).toEqual([
      "`npm test` failed after 1 pass and 1 unknown result.",
    ]);
    expect(bullet({ tests: [...run("a", "pass", "pass"), ...run("b", "fail", "fail", "fail")] })).toEqual([
      "`a` passed twice; `b` failed 3 times.",
    ]);
    expect(bullet({ tests: "abcdefg".split("").flatMap((cmd) => run(cmd, "pass")) })).toEqual([
      "`a` passed; `b` passed; `c` passed; `d` passed; `e` passed; 2 other test commands ran as well.",
    ]);
  });

  test("name the failed commands, at most four, and no failing test twice", () => {
    expect(bullet({ failedCommands: [failed("a"), failed("b", null)] })).toEqual(["2 commands failed: `a` and `b`."]);
    expect(bullet({ failedCommands: [failed("a"), failed("a")] })).toEqual(["`a` failed twice."]);
    expect(bullet({ failedCommands: [failed("a"), failed("b"), failed("a")] })).toEqual([
      "2 commands failed, 3 times in total: `a` and `b`.",
    ]);
    expect(bullet({ failedCommands: "abcdefg".split("").map((name) => failed(name)) })).toEqual([
      "7 commands failed, including `a`, `b`, `c` and `d`.",
    ]);
    expect(bullet({ failedCommands: [failed("cat <<'E'\nlong\nE", null)] })).toEqual(["`cat <<'E' …` failed."]);
    const tests = [{ cmd: "npm test", result: "fail" as const }];
    expect(bullet({ tests, failedCommands: [failed("cd app && npm test 2>&1")] })).toEqual(["`npm test` failed."]);
  });

  test("name the edits that did not apply", () => {
    expect(bullet({ failedEdits: [{ paths: ["a.ts"], error: "x" }] })).toEqual(["An edit to `a.ts` did not apply."]);
    expect(
      bullet({
        failedEdits: [
          { paths: ["a"], error: "" },
          { paths: ["b"], error: "" },
        ],
      }),
    ).toEqual(["2 edits to `a` and `b` did not apply."]);
    expect(bullet({ failedEdits: [{ paths: [], error: "" }] })).toEqual(["An edit did not apply."]);
  });

  test("name at most five commits one by one", () => {
    const commits = Array.from({ length: 7 }, (_, n) => ({ hash: `abcdef${n}`, message: `chore: ${n}` }));
    expect(bullet({ commits })).toHaveLength(6);
    expect(bullet({ commits }).at(-1)).toBe("Made 2 more commits: `abcdef5` and `abcdef6`.");
  });
});

describe("tags", () => {
  test("come from the types of commits, in a fixed order", () => {
    const commits = ["docs: a", "feat(x)!: b", 'Revert "c"', "note: d", "e"].map((message) => ({
      hash: "abcdef1",
      message,
    }));
    expect(descriptionOf({ commits }).tags).toEqual(["feat", "docs", "revert"]);
  });

  test("come from the files if all are of one kind", () => {
    expect(descriptionOf(files({ modified: ["docs/a.png", "README.md"] })).tags).toEqual(["docs"]);
    expect(
      descriptionOf(files({ created: ["test/a.test.ts"], moved: [{ from: "tests/b.py", to: "tests/c.py" }] })).tags,
    ).toEqual(["test"]);
    expect(descriptionOf(files({ modified: [".github/workflows/ci.yml"] })).tags).toEqual(["ci"]);
    expect(descriptionOf(files({ modified: ["package.json", "bun.lock"] })).tags).toEqual(["build"]);
    expect(descriptionOf(files({ modified: ["src/a.ts", "README.md"] })).tags).toEqual([]);
  });
});

describe("no prompt is quoted", () => {
  const asked = "make the cart total of an empty cart zero";

  test("by a label, a commit or a command", () => {
    const facts = {
      prompts: [asked],
      commits: [{ hash: "b56f337", message: `fix: ${asked}` }],
      failedCommands: [failed(`rg "${asked}"`)],
      ...files({ modified: ["a.js"] }),
    };
    const description = descriptionOf(facts, asked);
    expect(description.summary).toBe("Modified `a.js`.");
    expect(description.bullets).toEqual(["Committed `b56f337`.", "Modified `a.js`."]);
  });

  test("and the summary is never empty", () => {
    const description = descriptionOf({ prompts: ["Ran 5 commands and changed no files."], commands: 5 }, "");
    expect(description.summary).toBe("No summary: it would have quoted the prompt.");
  });
});

test("secrets and home paths are removed, and secrets are counted", () => {
  const secret = `ghp_${"a1B2c3D4e5F6g7H8i9J0".repeat(2)}`;
  const facts = evidence({
    failedCommands: [failed(`curl -H 'x: ${secret}' /home/dev/x`), failed("ls /home/dev/shop/src")],
  });
  const { description, redactions } = evaluateBuiltin(facts, about);
  expect(description.bullets).toEqual(["2 commands failed: `curl -H 'x: [REDACTED:github-token]' ~/x` and `ls src`."]);
  expect(redactions).toBe(1);
});
