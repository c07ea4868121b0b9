// What a person takes back, by hand-made lines; the recorded session 2.1.330-rewind is in recordings.test.ts.
import { describe, expect, test } from "bun:test";
import type { RewindEvent, SessionEvent } from "../../../src/events/event.ts";
import { at, type Fields } from "../codex/rollout.ts";
import { bash, CWD, events, printed, result, typed, use } from "./line.ts";

type States = Record<string, [version: number, isThere: boolean]>;

/** A prompt that follows what another one followed: the person went back to before that one. */
const instead = (prompt: Fields, text: string, second: number): Fields => ({
  ...typed(text, second),
  parentUuid: prompt.parentUuid,
});

const backup = ([version, isThere]: [number, boolean], file: string) => ({
  ...{ backupFileName: isThere ? `${file}@v${version}` : null, version },
});

/** Noted before a file is edited for the first time. */
const first = (path: string, isThere: boolean): Fields => ({
  ...{ type: "file-history-delta", messageId: "m", snapshotMessageId: "s" },
  ...{ trackingPath: path, backup: backup([1, isThere], path) },
});

/** Noted at a prompt. */
function note(prompt: Fields, second: number, states: States): Fields {
  const files = Object.entries(states).map(([path, state]) => [path, backup(state, path)]);
  const snapshot = { trackedFileBackups: Object.fromEntries(files), timestamp: at(second) };
  return { type: "file-history-snapshot", messageId: prompt.uuid, snapshot, isSnapshotUpdate: false };
}

let calls = 0;

/** A file is written, which was there or not. */
function write(path: string, isNew: boolean, second: number): Fields[] {
  calls += 1;
  const id = `toolu_${calls}`;
  const input = { file_path: `${CWD}/${path}`, content: "new\n" };
  const structuredPatch = [{ oldStart: 1, oldLines: 1, newStart: 1, newLines: 1, lines: ["-old", "+new"] }];
  const toolUseResult = { type: isNew ? "create" : "update", structuredPatch: isNew ? [] : structuredPatch };
  return [use(id, "Write", input), { ...result(id, "done", { toolUseResult }), timestamp: at(second) }];
}

function command(source: string): Fields[] {
  calls += 1;
  return [bash(`toolu_${calls}`, source), printed(`toolu_${calls}`, "")];
}

const rewinds = (lines: readonly Fields[]): [number | null, string[]][] =>
  events(lines)
    .filter((event: SessionEvent): event is RewindEvent => event.kind === "rewind")
    .map(({ prompt, restored }) => [prompt, restored.map((path) => path.slice(CWD.length + 1))]);

describe("a conversation that went back", () => {
  test("is told where it goes on, and which prompt that takes the place of", () => {
    const [one, two] = [typed("One"), typed("Two")];
    expect(rewinds([one, two, typed("Three"), instead(two, "Other", 5)])).toEqual([[2, []]]);
    const again = instead(two, "Other", 5);
    expect(rewinds([one, two, again, instead(two, "Another", 6)])).toEqual([
      [2, []],
      [3, []],
    ]);
    expect(rewinds([one, two, instead(one, "All anew", 5)])).toEqual([[1, []]]);
  });

  test("leaves every prompt a prompt", () => {
    const two = typed("Two");
    const told = events([typed("One"), two, instead(two, "Other", 5)]).filter(({ kind }) => kind === "prompt");
    expect(told).toHaveLength(3);
  });

  test("is none where a prompt follows what was said last", () => {
    expect(rewinds([typed("One"), ...write("a.js", true, 1), typed("Two"), ...command("ls"), typed("Three")])).toEqual(
      [],
    );
  });
});

describe("files that were taken back", () => {
  const [one, two, three] = [typed("One", 0), typed("Two", 10), typed("Three", 20)];

  test("a new file that is gone", () => {
    const back = instead(two, "Other", 30);
    const lines = [
      one,
      two,
      first("a.js", false),
      ...write("a.js", true, 11),
      back,
      note(back, 30, { "a.js": [2, false] }),
    ];
    expect(rewinds(lines)).toEqual([
      [2, []],
      [null, ["a.js"]],
    ]);
  });

  test("a file that was there, and is again what it was", () => {
    const back = instead(two, "Other", 30);
    const edit = [first("a.js", true), ...write("a.js", false, 11)];
    const same = note(back, 30, { "a.js": [1, true] });
    expect(rewinds([one, two, ...edit, back, same])).toEqual([
      [2, []],
      [null, ["a.js"]],
    ]);
    // The conversation alone went back: the file is what was written.
    expect(rewinds([one, two, ...edit, back, note(back, 30, { "a.js": [2, true] })])).toEqual([[2, []]]);
  });

  test("the note may stand before its prompt, and behind the edit that follows it", () => {
    const back = instead(two, "Other", 30);
    const edit = [first("a.js", false), ...write("a.js", true, 11)];
    const gone = note(back, 30, { "a.js": [2, false] });
    const restored: [null, string[]] = [null, ["a.js"]];
    expect(rewinds([one, two, ...edit, gone, back])).toEqual([[2, []], restored]);
    expect(rewinds([one, two, ...edit, back, ...write("b.js", true, 31), gone])).toEqual([[2, []], restored]);
    // What was written after the note was not taken back by then.
    const there = [one, two, first("a.js", true), ...write("a.js", false, 11), note(three, 20, { "a.js": [2, true] })];
    const later = [back, ...write("a.js", false, 31), note(back, 30, { "a.js": [2, true] })];
    expect(rewinds([...there, three, ...later])).toEqual([[2, []]]);
  });

  test("a note for what was typed in the same turn goes back no further", () => {
    const back = instead(two, "Other", 30);
    const lines = [
      ...[one, two, first("a.js", true), ...write("a.js", false, 11), back, note(back, 30, { "a.js": [2, true] })],
      ...[...write("a.js", false, 31), note(back, 40, { "a.js": [2, true] })],
    ];
    expect(rewinds(lines)).toEqual([[2, []]]);
  });

  test("a new file that is still there was not", () => {
    const back = instead(two, "Other", 30);
    const made = [first("a.js", false), ...write("a.js", true, 11), first("b.js", false), ...write("b.js", true, 12)];
    expect(rewinds([one, two, ...made, back, note(back, 30, { "a.js": [2, false], "b.js": [2, true] })])).toEqual([
      [2, []],
      [null, ["a.js"]],
    ]);
  });

  test("those of earlier turns too, once one shows that files were taken back", () => {
    const back = instead(one, "Other", 30);
    const lines = [
      ...[one, first("a.js", true), ...write("a.js", false, 1)],
      ...[two, note(two, 10, { "a.js": [2, true] }), first("b.js", false), ...write("b.js", true, 11)],
      ...[back, note(back, 30, { "a.js": [3, true], "b.js": [2, false] })],
    ];
    expect(rewinds(lines)).toEqual([
      [1, []],
      [null, ["a.js", "b.js"]],
    ]);
  });

  test("those edited before the prompt that was gone back to stay edited", () => {
    const back = instead(two, "Other", 30);
    const lines = [
      ...[one, first("a.js", true), ...write("a.js", false, 1)],
      ...[two, note(two, 10, { "a.js": [2, true] }), ...write("a.js", false, 11)],
      ...[first("b.js", false), ...write("b.js", true, 12)],
      ...[back, note(back, 30, { "a.js": [2, true], "b.js": [2, false] })],
    ];
    expect(rewinds(lines)).toEqual([
      [2, []],
      [null, ["b.js"]],
    ]);
  });

  test("without the conversation, by what is gone or is what it was at first", () => {
    const lines = [
      ...[one, first("a.js", true), ...write("a.js", false, 1), first("b.js", false), ...write("b.js", true, 2)],
      ...[two, note(two, 10, { "a.js": [1, true], "b.js": [2, false] })],
    ];
    expect(rewinds(lines)).toEqual([[null, ["a.js", "b.js"]]]);
  });

  test("what a command may have done is no sign of it", () => {
    const back = instead(one, "Other", 30);
    const edits = [one, first("a.js", true), ...write("a.js", false, 1), two, note(two, 10, { "a.js": [2, true] })];
    const made = [...edits, first("b.js", false), ...write("b.js", true, 11)];
    const removed = { "a.js": [2, true], "b.js": [2, false] } satisfies States;
    expect(rewinds([...made, ...command("rm src/../b.js"), back, note(back, 30, removed)])).toEqual([[1, []]]);
    const formatted = { "a.js": [3, true] } satisfies States;
    expect(rewinds([...edits, ...command("npm run format"), back, note(back, 30, formatted)])).toEqual([[1, []]]);
    expect(rewinds([...edits, back, note(back, 30, formatted)])).toEqual([
      [1, []],
      [null, ["a.js"]],
    ]);
  });

  test("a file that is edited anew can be taken back anew", () => {
    const back = instead(two, "Other", 30);
    const again = instead(three, "Again", 60);
    const gone = { "a.js": [2, false] } satisfies States;
    const lines = [
      ...[one, two, first("a.js", false), ...write("a.js", true, 11), back, note(back, 30, gone)],
      ...[three, ...write("a.js", true, 41), again, note(again, 60, { "a.js": [4, false] })],
    ];
    expect(rewinds(lines)).toEqual([
      [2, []],
      [null, ["a.js"]],
      [4, []],
      [null, ["a.js"]],
    ]);
  });

  test("notes of any shape are read without harm", () => {
    const odd = [null, 1, "x", [], { version: -1 }, { version: 1e300, backupFileName: 7 }];
    const states = Object.fromEntries(odd.map((value, index) => [`${index}`, value]));
    const lines = [
      ...[one, first("a.js", false), { type: "file-history-delta", trackingPath: "", backup: null }],
      { type: "file-history-snapshot", messageId: 7, snapshot: { trackedFileBackups: states, timestamp: 7 } },
      { type: "file-history-snapshot", snapshot: { trackedFileBackups: [1] } },
      { type: "file-history-snapshot", snapshot: null },
      typed("Two"),
    ];
    expect(rewinds(lines)).toEqual([]);
  });
});
