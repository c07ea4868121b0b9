import { expect, test } from "bun:test";
import { labelOfFolder } from "../../../src/catch-up/backfill/folder-label.ts";

test.each([
  ["2026-01-04-0207_Fix_cart", [], "Fix cart"],
  ["2026-01-04-0207_Phase_2", [], "Phase 2"],
  ["2026-01-04-0207_Fix_cart_2", ["2026-01-04-0207_Fix_cart"], "Fix cart"],
  ["2026-01-04-0207_session", [], ""],
  ["2026-01-04-0207_session_2", ["2026-01-04-0207_session"], ""],
  ["2026-01-04-0207", [], ""],
  ["2026-01-04-0207_2", ["2026-01-04-0207"], ""],
  ["my_own_name", [], "my own name"],
])("%s beside %p is called `%s`", (name, siblings, label) => {
  expect(labelOfFolder(name, new Set(siblings))).toBe(label);
});
