import { describe, expect, test } from "bun:test";
import { TextCleaner } from "../../src/digest/clean-text.ts";
import type { DigestItem, ItemKind } from "../../src/digest/digest.ts";
import { Timeline } from "../../src/digest/timeline.ts";
import type { SessionEvent } from "../../src/events/event.ts";
import { command, edit, notice, prompt, reply, tool } from "./sample.ts";

function timelineOf(events: Iterable<SessionEvent>) {
  const timeline = new Timeline();
  for (const event of events) timeline.push(event);
  return timeline.finish(new TextCleaner());
}

const only = (event: SessionEvent): Partial<Record<string, unknown>> => timelineOf([event]).items[0] ?? {};
const search = (query: string): SessionEvent => {
  return { kind: "search", at: null, offset: 0, turn: null, agent: null, query };
};

describe("each kind keeps its first and last items", () => {
  const cases: [ItemKind, (n: number) => SessionEvent, number, number][] = [
    ["prompts", (n) => prompt(`${n}`), 80, 120],
    ["replies", (n) => reply(`${n}`), 40, 160],
    ["failures", (n) => command(`${n}`, { outcome: "failed" }), 60, 190],
    ["failures", (n) => edit([`${n}`], { outcome: "interrupted" }), 60, 190],
    ["failures", (n) => notice(`${n}`), 60, 190],
    ["edits", (n) => edit([`${n}`]), 80, 320],
    ["calls", (n) => command(`${n}`), 100, 300],
    ["calls", (n) => tool(`${n}`, { outcome: "refused" }), 100, 300],
    ["calls", (n) => search(`${n}`), 100, 300],
  ];
  for (const [kind, event, head, tail] of cases) {
    const make = (count: number) => Array.from({ length: count }, (_, n) => event(n));
    const number = (item: DigestItem | undefined) => Number(Object.values(item ?? {}).flat()[0]);
    test(`${kind}, such as ${Object.keys(only(event(0)))[0]}`, () => {
      expect(timelineOf(make(head + tail)).omitted).toEqual({});
      const { items, omitted } = timelineOf(make(1_000));
      expect(omitted).toEqual({ [kind]: 1_000 - head - tail });
      expect(items.map(number)).toEqual([
        ...Array.from({ length: head }, (_, n) => n),
        ...Array.from({ length: tail }, (_, n) => 1_000 - tail + n),
      ]);
    });
  }
});

test("texts are shortened to the length of their kind", () => {
  const text = "word ".repeat(1_000).trim();
  const cut = (max: number) => expect.stringContaining(`[…${text.length - max} characters omitted…]`);
  expect(only(prompt(text))).toEqual({ prompt: cut(2_000) });
  expect(only(reply(text))).toEqual({ reply: cut(1_200) });
  expect(only(command(text))).toMatchObject({ command: cut(600) });
  expect(only(search(text))).toEqual({ search: cut(200) });
  expect(only(notice(text))).toEqual({ notice: cut(300) });
  const failure = { outcome: "failed", output: text } as const;
  expect(only(command("x", failure)).output_tail).toHaveLength(1_200);
  // Before cleaning, a path or the name of a tool is cut to four times this length.
  const long = "word ".repeat(100).trim();
  const shortened = (max: number) => expect.stringContaining(`[…${long.length - max} characters omitted…]`);
  expect(only(edit([long]))).toMatchObject({ edit: [shortened(300)] });
  expect(only(tool(long.slice(0, 480)))).toMatchObject({ tool: expect.stringContaining(`[…${479 - 120} characters`) });
  expect(only(edit([text]))).toMatchObject({ edit: [expect.stringContaining("characters omitted")] });
  expect(only(tool(text))).toMatchObject({ tool: expect.stringContaining("characters omitted") });
});

test("images are counted, empty replies and outputs omitted", () => {
  const image = { mediaType: "image/png" } as never;
  expect(only({ ...prompt("See"), images: [image, image] })).toEqual({ prompt: "See", images: 2 });
  expect(timelineOf([reply(" \n")]).items).toEqual([]);
  expect(only(command("x", { outcome: "failed", exitCode: 1, output: " \n" }))).toEqual({
    command: "x",
    outcome: "failed",
    exit_code: 1,
  });
  expect(only(edit(["x"], { outcome: "failed", error: "" }))).toEqual({ edit: ["x"], outcome: "failed" });
});

test("an edit names the old and the new path of a moved file, 30 paths at most", () => {
  const moved = { type: "update", path: "a", movedTo: "b", diff: "" } as const;
  expect(only(edit([], { changes: [moved] }))).toEqual({ edit: ["a", "b"], outcome: "ok" });
  const paths = Array.from({ length: 30 }, (_, n) => `${n}`);
  expect(only(edit(paths))).toEqual({ edit: paths, outcome: "ok" });
  expect(only(edit([...paths, "x"]))).toEqual({ edit: paths, more_paths: 1, outcome: "ok" });
});
