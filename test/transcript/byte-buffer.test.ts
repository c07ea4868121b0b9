import { expect, test } from "bun:test";
import { ByteBuffer } from "../../src/transcript/byte-buffer.ts";

test("`take` returns everything that was added and empties the buffer", () => {
  const text = new ByteBuffer();
  const parts = Array.from({ length: 3_000 }, (_, index) => `${index} → ünï ${"x".repeat(index % 400)}\n`);
  for (const part of parts) text.add(part);
  expect(text.isEmpty).toBe(false);
  const taken = String(text.take("<", ">"));
  expect(text.isEmpty).toBe(true);
  text.add("next");
  expect(String(text.take("", ""))).toBe("next");
  expect(taken).toBe(`<${parts.join("")}>`);
});
