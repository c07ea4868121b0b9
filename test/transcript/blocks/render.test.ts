import { expect, test } from "bun:test";
import type { EditEvent, SessionEvent } from "../../../src/events/event.ts";
import { Attachments } from "../../../src/transcript/attachments.ts";
import { renderBlock } from "../../../src/transcript/blocks/render.ts";
import { SearchText } from "../../../src/transcript/search.ts";

/** Edits are limited by characters, and each of these characters takes three bytes. */
const LONG = `${"語".repeat(1_900)}\n`.repeat(30);

function edit(files: number): EditEvent {
  const changes = Array.from({ length: files }, (_, index) => ({
    type: "add" as const,
    path: `/home/dev/shop/guide-${index}.md`,
    movedTo: null,
    diff: LONG,
  }));
  const common = { at: null, offset: 0, turn: null, agent: null, cwd: null };
  return { kind: "edit", ...common, id: "call_1", outcome: "ok", changes, error: null };
}

function render(event: SessionEvent) {
  const [attachments, searchText] = [new Attachments(), new SearchText()];
  const block = renderBlock(event, { anchor: "p1-2", attachments, searchText, cwd: "/home/dev/shop" })?.source ?? "";
  return { block, attachments, searchText };
}

test("an event that is too large for a page is saved as an attachment, and the search does not find it", () => {
  const { block, attachments, searchText } = render(edit(3));
  expect(Buffer.byteLength(block)).toBeLessThan(1_000);
  expect(block).toContain('<a href="files/p1-2-all.txt">');
  const all = attachments.files.find(({ name }) => name === "files/p1-2-all.txt");
  expect(JSON.parse(String(all?.content))).toEqual(edit(3));
  expect(searchText.text).toBe("");
});

test("an edit just below the limit is shown and searchable", () => {
  const { block, searchText } = render(edit(1));
  expect(Buffer.byteLength(block)).toBeGreaterThan(150_000);
  expect(searchText.text).toBe("guide-0.md");
});

test("a rewind names the prompt, or the restored files, which can be searched", () => {
  const common = { at: null, offset: 0, turn: null, agent: null };
  expect(render({ kind: "rewind", ...common, prompt: 3, restored: [] }).block).toContain(
    "went back to the state before prompt 3",
  );
  const restored = ["/home/dev/shop/a.js", "/home/dev/notes/<b>.md"];
  const { block, searchText } = render({ kind: "rewind", ...common, prompt: null, restored });
  expect(block).toContain("files restored to their state before the session's edits".replace("'", "&#x27;"));
  expect(block).toContain("a.js\n/home/dev/notes/&lt;b&gt;.md");
  expect(searchText.text).toBe("a.js /home/dev/notes/<b>.md");
});

test("a plan step whose status is the name of an object property gets the default mark", () => {
  const common = { at: null, offset: 0, turn: null, agent: null, cwd: null };
  const input = { plan: [{ step: "Look", status: "toString" }] };
  const plan = { kind: "tool" as const, ...common, id: "call_1", name: "update_plan", input, output: "" };
  const { block } = render({ ...plan, outcome: "ok", images: [] } as SessionEvent);
  expect(block).toContain("·</span> Look");
});

test("an image whose type is the name of an object property is not saved", () => {
  const common = { at: null, offset: 0, turn: null, agent: null, cwd: null };
  const images = [{ url: "data:constructor;base64,AAAA" }];
  const { block, attachments } = render({ kind: "prompt", ...common, text: "Look", images } as SessionEvent);
  expect(block).toContain("image not saved: constructor");
  expect(attachments.files).toEqual([]);
});

test.each([
  ["ok", "status good"],
  ["failed", "status bad"],
  ["interrupted", "status bad"],
  ["running", "status"],
  ["unknown", "status"],
] as const)("the status of a call with outcome %s has the right color class", (outcome, style) => {
  const common = { at: null, offset: 0, turn: null, agent: null };
  const { block } = render({ kind: "tool", ...common, id: "c", name: "look", input: {}, outcome, output: "" });
  expect(block).toContain(`<span class="${style}">`);
});
