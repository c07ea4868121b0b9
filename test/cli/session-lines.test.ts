import { describe, expect, test } from "bun:test";
import widthOf from "fast-string-width";
import { ageOf, sessionLines } from "../../src/cli/session-lines.ts";
import type { ListedSession } from "../../src/library/sessions.ts";

const NOW = new Date("2026-11-22T12:00:00.000Z");

function session(more: Partial<ListedSession>): ListedSession {
  return {
    ...{ id: "01a201e4-cb84-7a11-a7c6-963cd916f631", label: "Fix cart", startedAt: null, prompts: 1, files: null },
    ...{ lastAt: "2026-11-22T09:00:00.000Z", sessionDir: null, worktree: "/shop", cwd: "/shop", log: "/log" },
    ...more,
  };
}

const lines = (columns: number, ...sessions: Partial<ListedSession>[]) =>
  sessionLines(sessions.map(session), NOW, columns);

test("shows label, age, prompts and files in columns", () => {
  expect(lines(80, {}, { label: "Add the tax", prompts: 2, files: ["a", "b"] }, { label: "x", files: ["a"] })).toEqual([
    "Fix cart     3 hours ago, 1 prompt",
    "Add the tax  3 hours ago, 2 prompts, 2 files",
    "x            3 hours ago, 1 prompt, 1 file",
  ]);
});

test("omits unknown facts, and shows the id of a session without a label", () => {
  expect(lines(80, { label: null, prompts: null, lastAt: null })).toEqual(["01a201e4-cb84-7a11-a7c6-963cd916f631"]);
  expect(lines(80, { prompts: 0, lastAt: null, startedAt: "2026-11-20T12:00:00.000Z" })).toEqual([
    "Fix cart  2 days ago, 0 prompts",
  ]);
});

test.each([20, 40, 60, 100])("no line is wider than %d columns, with wide characters too", (columns) => {
  const labels = ["x".repeat(300), "漢字".repeat(100), "👩‍👩‍👧 ".repeat(60), "é".normalize("NFD").repeat(200), "ok"];
  for (const line of lines(columns, ...labels.map((label) => ({ label })))) {
    expect(widthOf(line)).toBeLessThanOrEqual(columns);
  }
});

test("a truncated label ends in an ellipsis and keeps the columns aligned", () => {
  expect(lines(40, { label: "漢".repeat(40) }, { label: "x".repeat(40) }, { label: "ok" })).toEqual([
    "漢漢漢漢漢漢漢漢…  3 hours ago, 1 prompt",
    "xxxxxxxxxxxxxxxx…  3 hours ago, 1 prompt",
    "ok                 3 hours ago, 1 prompt",
  ]);
});

test("escapes control characters in a label", () => {
  expect(lines(80, { label: "a\nb\t\u001b[31mred\u202e\u0007" })[0]).toStartWith("a b \ufffdred\ufffd\ufffd  ");
});

describe("ageOf", () => {
  test.each([
    [0, "just now"],
    [-60, "just now"],
    [59, "just now"],
    [60, "1 minute ago"],
    [3_599, "59 minutes ago"],
    [3_600, "1 hour ago"],
    [86_400, "1 day ago"],
    [8 * 86_400, "1 week ago"],
    [31 * 86_400, "1 month ago"],
    [800 * 86_400, "2 years ago"],
  ])("%d seconds: %s", (seconds, age) => {
    expect(ageOf(new Date(NOW.getTime() - seconds * 1000).toISOString(), NOW)).toBe(age);
  });
});
