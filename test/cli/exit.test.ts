import { expect, test } from "bun:test";
import { type Exit, exitStatus } from "../../src/cli/exit.ts";

const TABLE: [Exit, number][] = [
  ["done", 0],
  ["failed", 1],
  ["usage", 2],
  ["bug", 70],
  ["later", 75],
  [{ status: 0 }, 0],
  [{ status: 42 }, 42],
  [{ signal: "SIGINT" }, 130],
  [{ signal: "SIGKILL" }, 137],
  [{ signal: "SIGTERM" }, 143],
];

test.each(TABLE)("%j exits with %d", (exit, status) => {
  expect(exitStatus(exit)).toBe(status);
});
