// Harmless text that must not be redacted.
import { expect, test } from "bun:test";
import { redact } from "../../src/secrets/redact.ts";
import { harmlessLines } from "./harmless.ts";

test("changes at most 2 of 2,000 harmless lines", () => {
  const lines = harmlessLines();
  expect(lines.length).toBeGreaterThanOrEqual(2_000);
  const changed = lines.flatMap((line) => {
    const { text } = redact(line);
    return text === line ? [] : [text.slice(0, 300)];
  });
  expect(changed.length, changed.join("\n")).toBeLessThanOrEqual(2);
});

test("adjacent harmless lines do not combine to a secret", () => {
  const text = harmlessLines().join("\n");
  expect(redact(text).count).toBeLessThanOrEqual(2);
});
