import { describe, expect, test } from "bun:test";
import { DigestCollector } from "../../src/digest/collector.ts";
import { type ClaimKind, isSupported } from "../../src/evaluate/declared-claims.ts";
import { about, command, evidence } from "../digest/sample.ts";

const collector = new DigestCollector();
for (const event of [
  command("git push origin main"),
  command("git tag v1.0.0", { outcome: "failed", exitCode: 1 }),
  command("git merge feature", { outcome: "failed", exitCode: 1, output: "CONFLICT" }),
]) {
  collector.push(event);
}
const digest = collector.build(
  evidence({
    touchedFiles: { created: [], modified: ["src/cart.js"], deleted: ["old.js"], moved: [] },
    tests: [
      { cmd: "npm test", result: "fail" },
      { cmd: "npm test", result: "pass" },
    ],
    commits: [{ hash: "b56f337", message: "fix: x" }],
    failedCommands: [{ command: "git tag v1.0.0", exitCode: 1, outputTail: "" }],
  }),
  about,
);
const supports = (facts: string[], ...claims: ClaimKind[]) => isSupported({ facts, claims }, digest);

describe("a declared kind of claim", () => {
  test("is supported by a named fact of exactly that sort", () => {
    expect(supports(["t2"], "tests_passed")).toBe(true);
    expect(supports(["t1"], "tests_failed")).toBe(true);
    expect(supports(["c1", "o1"], "committed", "pushed")).toBe(true);
    expect(supports(["o3", "c1"], "merged")).toBe(true);
    expect(supports(["deleted"], "deleted")).toBe(true);
    expect(supports(["modified"], "fixed", "counted")).toBe(true);
    expect(supports([])).toBe(true);
  });

  test("is not supported by another fact, one with another result, or one that does not exist", () => {
    expect(supports(["t1"], "tests_passed")).toBe(false);
    expect(supports(["t2"], "tests_failed")).toBe(false);
    expect(supports(["c1"], "committed", "pushed")).toBe(false);
    expect(supports(["o2"], "tagged")).toBe(false);
    expect(supports(["o3"], "merged")).toBe(false);
    expect(supports(["created"], "created")).toBe(false);
    expect(supports(["c2", "o9", "t9"], "committed")).toBe(false);
    expect(supports(["c1", "o1"], "deployed")).toBe(false);
    expect(supports([], "measured")).toBe(false);
  });
});
