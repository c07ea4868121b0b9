import { expect, test } from "bun:test";
import { events, failed, result, use } from "./line.ts";

const A = "/home/dev/shop/a.txt";

/** The one change of a call and its result. */
function changed(name: string, input: Record<string, unknown>, text: string, details?: Record<string, unknown>) {
  const more = details === undefined ? {} : { toolUseResult: details };
  const [event] = events([use("t", name, input), result("t", text, more)]);
  return event?.kind === "edit" ? event.changes[0] : undefined;
}

test.each([
  ["new, by the details", "x", { type: "create" }, "add"],
  ["existing, by the details", "x", { type: "update", structuredPatch: [] }, "update"],
  ["new, by the message in a subagent's log", "File created successfully at: a.txt", undefined, "add"],
  [
    "existing, by the message in a subagent's log",
    "The file a.txt has been updated successfully.",
    undefined,
    "update",
  ],
] as const)("a written file is %s", (_, text, details, type) => {
  const change = changed("Write", { file_path: A, content: "one\n" }, text, details);
  expect(change).toMatchObject({ type, path: A, diff: type === "add" ? "one\n" : null });
});

test("the diff of an edit is its recorded hunks, or else the replaced text", () => {
  const input = { file_path: A, old_string: "one\n", new_string: "two\n" };
  const lines = [" zero", "-one", "+two"];
  const structuredPatch = [{ oldStart: 1, oldLines: 2, newStart: 1, newLines: 2, lines }];
  expect(changed("Edit", input, "ok", { originalFile: "", structuredPatch })?.diff).toBe(
    "@@ -1,2 +1,2 @@\n zero\n-one\n+two\n",
  );
  expect(changed("Edit", input, "ok")?.diff).toBe("@@\n-one\n+two\n");
});

test("replacing an empty text in a missing file adds it", () => {
  const input = { file_path: A, old_string: "", new_string: "new\n" };
  expect(changed("Edit", input, "ok", { originalFile: null })).toMatchObject({ type: "add", diff: "new\n" });
});

test("several edits of one file are one change; the result has the old text of a notebook cell", () => {
  const edits = [
    { old_string: "a", new_string: "b" },
    { old_string: "c", new_string: "d" },
  ];
  expect(changed("MultiEdit", { file_path: A, edits }, "ok")?.diff).toBe("@@\n-a\n+b\n@@\n-c\n+d\n");
  const cell = { notebook_path: "/n.ipynb", new_source: "2" };
  expect(changed("NotebookEdit", cell, "ok", { old_source: "1", new_source: "2" })).toMatchObject({
    type: "update",
    path: "/n.ipynb",
    diff: "@@\n-1\n+2\n",
  });
});

test("a failed edit has its error, and a denied edit was refused", () => {
  const input = { file_path: A, old_string: "x", new_string: "y" };
  const error = "<tool_use_error>String to replace not found in file.</tool_use_error>";
  expect(events([use("t", "Edit", input), failed("t", error)])).toMatchObject([
    { kind: "edit", outcome: "failed", error: "String to replace not found in file.", changes: [{ path: A }] },
  ]);
  const denied = failed("t", "Claude requested permissions to write", { toolDenialKind: "user-rejected" });
  expect(events([use("t", "Edit", input), denied])).toMatchObject([{ outcome: "refused" }]);
});

test("reading an image is one tool event with the image", () => {
  const content = [{ type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } }];
  const file = { toolUseResult: { type: "image", file: { base64: "AAAA" } } };
  expect(events([use("t", "Read", { file_path: "p.png" }), result("t", content, file)])).toMatchObject([
    { kind: "tool", name: "Read", outcome: "ok", output: "", images: [{ url: "data:image/png;base64,AAAA" }] },
  ]);
});
