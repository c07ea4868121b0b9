import { expect, test } from "bun:test";
import { parsePatch } from "../../../src/agents/codex/apply-patch.ts";

test("a patch has one change per file", () => {
  const patch = `*** Begin Patch
*** Add File: my docs/a é.md
+# A
+
+*** Not a header
*** Update File: src/util.js
*** Move to: src/helpers.js
@@ class Cart
-old
+new
*** End of File
*** Delete File: notes.tmp
*** End Patch
*** Add File: after the end
`;
  expect(parsePatch(patch)).toEqual([
    { type: "add", path: "my docs/a é.md", movedTo: null, diff: "# A\n\n*** Not a header\n" },
    { type: "update", path: "src/util.js", movedTo: "src/helpers.js", diff: "@@ class Cart\n-old\n+new\n" },
    { type: "delete", path: "notes.tmp", movedTo: null, diff: null },
  ]);
});

test("file content that looks like a patch header is content", () => {
  const patch = "*** Begin Patch\n*** Update File: a\n@@\n-*** Move to: b\n+*** Delete File: c\n*** End Patch";
  expect(parsePatch(patch)).toMatchObject([{ type: "update", path: "a", movedTo: null }]);
});

test("CRLF line endings and a missing end marker are accepted", () => {
  expect(parsePatch("*** Begin Patch\r\n*** Add File: a.txt\r\n+x\r\n")).toMatchObject([
    { type: "add", path: "a.txt" },
  ]);
});

test("a text that is not a patch has no changes", () => {
  expect(parsePatch("")).toEqual([]);
  expect(parsePatch("rm -rf /")).toEqual([]);
});
