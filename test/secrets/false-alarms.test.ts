import { expect, test } from "bun:test";
import { redact } from "../../src/secrets/redact.ts";
import { harmlessLines } from "./harmless.ts";

test("of two thousand lines that hold no secret, two at most are changed", () => {
  const lines = harmlessLines();
  expect(lines.length).toBeGreaterThanOrEqual(2_000);
  const changed = lines.flatMap((line) => {
    const { text } = redact(line);
    return text === line ? [] : [text.slice(0, 300)];
  });
  expect(changed.length, changed.join("\n")).toBeLessThanOrEqual(2);
});

test("nor does one line make a secret of the next", () => {
  const text = harmlessLines().join("\n");
  expect(redact(text).count).toBeLessThanOrEqual(2);
});
