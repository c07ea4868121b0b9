import { expect, test } from "bun:test";
import { resolveRun, resolveSeconds } from "../../src/cli/resolve.ts";
import { UsageError } from "../../src/cli/usage-error.ts";

const given = (values: Partial<Parameters<typeof resolveRun>[0]>) =>
  resolveRun(
    {
      tool: "codex",
      cwd: undefined,
      "project-root": undefined,
      start: undefined,
      end: undefined,
      "session-id": undefined,
      ...values,
    },
    "/home/dev/here",
  );

test("a flag that is not given is null, and `--cwd` defaults to the current folder", () => {
  expect(given({})).toEqual({
    tool: "codex",
    cwd: "/home/dev/here",
    projectRoot: null,
    start: null,
    end: null,
    sessionId: null,
  });
});

test("paths become absolute, relative to the current folder", () => {
  expect(given({ cwd: "../shop", "project-root": "." })).toMatchObject({
    cwd: "/home/dev/shop",
    projectRoot: "/home/dev/here",
  });
});

test("times become UTC", () => {
  expect(given({ start: "2026-11-22T07:15:00+01:00" }).start).toBe("2026-11-22T06:15:00.000Z");
});

test("a window that ends before it starts is wrong usage", () => {
  expect(() => given({ start: "2026-11-22T07:00:00Z", end: "2026-11-22T06:00:00Z" })).toThrow(UsageError);
  expect(given({ start: "2026-11-22T07:00:00Z", end: "2026-11-22T07:00:00Z" }).end).not.toBeNull();
});

test("seconds become milliseconds", () => {
  expect(resolveSeconds("--changelog-timeout", undefined)).toBeNull();
  expect(resolveSeconds("--changelog-timeout", "90")).toBe(90_000);
  expect(resolveSeconds("--changelog-timeout", "0.5")).toBe(500);
});

test.each(["0", "-1", "1e9", "ten", "90s", "86401", "Infinity", ""])("%p is not a number of seconds", (text) => {
  expect(() => resolveSeconds("--changelog-timeout", text)).toThrow(UsageError);
});
