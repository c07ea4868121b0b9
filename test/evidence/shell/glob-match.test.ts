import { describe, expect, test } from "bun:test";
import { matchEntries } from "../../../src/evidence/shell/glob-match.ts";

const FILES = [
  "a.js",
  "b.js",
  "b.ts",
  ".hidden.js",
  "src/a.js",
  "src/deep/b.js",
  "app/[id]/page.tsx",
  "x-y.js",
  "d1",
  "d2",
];

describe("a shell pattern", () => {
  const cases: [path: string, glob: string[], entries: string[]][] = [
    ["*.js", ["*.js"], ["a.js", "b.js", "x-y.js"]],
    ["?.js", ["?.js"], ["a.js", "b.js"]],
    [".*.js", [".*.js"], [".hidden.js"]],
    ["[ab].js", ["[ab].js"], ["a.js", "b.js"]],
    ["[!a].js", ["[!a].js"], ["b.js"]],
    ["d[1-9]", ["d[1-9]"], ["d1", "d2"]],
    ["src/*", ["src", "*"], ["src/a.js", "src/deep"]],
    ["src/*", ["*"], ["src/a.js", "src/deep"]],
    ["*/*.js", ["*", "*.js"], ["src/a.js"]],
    ["app/\\[id\\]/*", ["app", "\\[id\\]", "*"], ["app/[id]/page.tsx"]],
    ["*[y].js", ["*[y].js"], ["x-y.js"]],
    ["[z-a].js", ["[z-a].js"], []],
    ["[", ["["], []],
    ["nowhere/*", ["nowhere", "*"], []],
    ["*a*b*c*d*e*f", ["*a*b*c*d*e*f"], []],
    ["*x*-*y*.*js", ["*x*-*y*.*js"], []],
    ["*x*-*y*.js", ["*x*-*y*.js"], ["x-y.js"]],
  ];
  for (const [path, glob, entries] of cases) {
    const plain = path.replaceAll("\\", "");
    test(path, () => expect(matchEntries(plain, glob, FILES).sort()).toEqual(entries.sort()));
  }
  test("is matched in bounded time", () => {
    expect(matchEntries("x", ["*a*a*a*a"], ["a".repeat(255)])).toEqual(["a".repeat(255)]);
    expect(matchEntries("x", [`${"*a".repeat(50)}b`], ["a".repeat(255)])).toEqual([]);
  });
});
