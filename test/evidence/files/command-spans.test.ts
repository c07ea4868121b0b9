import { describe, expect, test } from "bun:test";
import type { CommandEvent } from "../../../src/events/event.ts";
import { isCovered, spanOf } from "../../../src/evidence/files/command-spans.ts";
import { readCommand } from "../../../src/evidence/shell/read-command.ts";
import { commandEvent } from "../events.ts";

const END = Date.parse("2026-11-22T06:00:00.000Z");
const before = (ms: number) => new Date(END - ms).toISOString();

/** How long before its end a command started; null where it has no span. */
function spanBeforeEnd(command: string, part: Partial<CommandEvent>): number | null {
  const span = spanOf(readCommand(commandEvent(command, { at: before(0), ...part })));
  if (span !== null) expect(span.to).toBe(END);
  return span === null ? null : END - span.from;
}

describe("the span of a command", () => {
  test("is at most 10 seconds long", () => {
    expect(spanBeforeEnd("make", { startedAt: before(10_000) })).toBe(10_000);
    expect(spanBeforeEnd("make", { startedAt: before(10_001) })).toBeNull();
  });

  test("starts with the call, at most a second before the recorded start", () => {
    expect(spanBeforeEnd("make", { startedAt: before(100), calledAt: before(1_100) })).toBe(1_100);
    expect(spanBeforeEnd("make", { startedAt: before(100), calledAt: before(1_101) })).toBe(1_100);
    expect(spanBeforeEnd("make", { startedAt: before(100), calledAt: before(50) })).toBe(100);
  });

  test("has the duration of the command where it waited longer than 2 seconds for approval", () => {
    expect(spanBeforeEnd("make", { startedAt: before(2_500), durationMs: 500 })).toBe(2_500);
    expect(spanBeforeEnd("make", { startedAt: before(2_501), durationMs: 500 })).toBe(500);
    expect(spanBeforeEnd("make", { startedAt: null, durationMs: 500 })).toBe(500);
  });

  test("is empty without a start and a duration", () => {
    expect(spanBeforeEnd("make", {})).toBe(0);
  });

  test.each([
    ["only reads", "cat a | grep b", {}],
    ["was refused", "make", { outcome: "refused", exitCode: null }],
    ["is still running", "make", { outcome: "running", exitCode: null }],
    ["has no time", "make", { at: null }],
    ["is empty", " ", {}],
  ] as const)("is null where it %s", (_name, command, part) => {
    expect(spanBeforeEnd(command, part)).toBeNull();
  });

  test("tells whether the command may have made commits", () => {
    const commits = (command: string) => spanOf(readCommand(commandEvent(command, { at: before(0) })))?.commits;
    expect(["./script", "if then", "cp a b", "echo x > a", "sed -i s/a/b/ c"].map(commits)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

test("a span covers 50 milliseconds before and after it", () => {
  const spans = [{ from: 1_000, to: 2_000, commits: false, directory: null }];
  expect([949, 950, 2_050, 2_051].map((time) => isCovered(spans, time))).toEqual([false, true, true, false]);
});
