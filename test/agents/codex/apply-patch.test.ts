import { expect, test } from "bun:test";
import { parsePatch } from "../../../src/agents/codex/apply-patch.ts";

test("each file of a patch is a change", () => {
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

test("a file's content may look like the grammar", () => {
  const patch = "*** Begin Patch\n*** Update File: a\n@@\n-*** Move to: b\n+*** Delete File: c\n*** End Patch";
  expect(parsePatch(patch)).toMatchObject([{ type: "update", path: "a", movedTo: null }]);
});

test("windows line ends and a missing end are borne", () => {
  expect(parsePatch("*** Begin Patch\r\n*** Add File: a.txt\r\n+x\r\n")).toMatchObject([
    { type: "add", path: "a.txt" },
  ]);
});

test("what is no patch changes nothing", () => {
  expect(parsePatch("")).toEqual([]);
  expect(parsePatch("rm -rf /")).toEqual([]);
});
