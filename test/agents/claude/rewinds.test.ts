// Rewinds in hand-made records; recordings.slow.test.ts has the recorded session 2.1.330-rewind.
import { describe, expect, test } from "bun:test";
import type { RewindEvent, SessionEvent } from "../../../src/events/event.ts";
import { at, type Fields } from "../codex/rollout.ts";
import { bash, CWD, events, printed, result, typed, use } from "./line.ts";

type States = Record<string, [version: number, isThere: boolean]>;

/** A prompt with the same parent as an earlier prompt: the person went back to the state before that prompt. */
const instead = (prompt: Fields, text: string, second: number): Fields => ({
  ...typed(text, second),
  parentUuid: prompt.parentUuid,
});

const backup = ([version, isThere]: [number, boolean], file: string) => ({
  backupFileName: isThere ? `${file}@v${version}` : null,
  version,
});

/** The record that Claude Code writes before the first edit of a file. */
const first = (path: string, isThere: boolean): Fields => ({
  type: "file-history-delta",
  messageId: "m",
  snapshotMessageId: "s",
  trackingPath: path,
  backup: backup([1, isThere], path),
});

/** The record that Claude Code writes at a prompt. */
function snapshot(prompt: Fields, second: number, states: States): Fields {
  const files = Object.entries(states).map(([path, state]) => [path, backup(state, path)]);
  const state = { trackedFileBackups: Object.fromEntries(files), timestamp: at(second) };
  return { type: "file-history-snapshot", messageId: prompt.uuid, snapshot: state, isSnapshotUpdate: false };
}

let calls = 0;

/** A call that writes a file. */
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

describe("a rewound conversation", () => {
  test("has a rewind event with the number of the replaced prompt", () => {
    const [one, two] = [typed("One"), typed("Two")];
    expect(rewinds([one, two, typed("Three"), instead(two, "Other", 5)])).toEqual([[2, []]]);
    const again = instead(two, "Other", 5);
    expect(rewinds([one, two, again, instead(two, "Another", 6)])).toEqual([
      [2, []],
      [3, []],
    ]);
    expect(rewinds([one, two, instead(one, "All anew", 5)])).toEqual([[1, []]]);
  });

  test("keeps its replaced prompts", () => {
    const two = typed("Two");
    const prompts = events([typed("One"), two, instead(two, "Other", 5)]).filter(({ kind }) => kind === "prompt");
    expect(prompts).toHaveLength(3);
  });

  test("has no rewind event when the prompt follows the last record", () => {
    expect(rewinds([typed("One"), ...write("a.js", true, 1), typed("Two"), ...command("ls"), typed("Three")])).toEqual(
      [],
    );
  });
});

describe("restored files", () => {
  const [one, two, three] = [typed("One", 0), typed("Two", 10), typed("Three", 20)];

  test("a new file that was removed", () => {
    const back = instead(two, "Other", 30);
    const lines = [
      one,
      two,
      first("a.js", false),
      ...write("a.js", true, 11),
      back,
      snapshot(back, 30, { "a.js": [2, false] }),
    ];
    expect(rewinds(lines)).toEqual([
      [2, []],
      [null, ["a.js"]],
    ]);
  });

  test("an existing file that has its first content again", () => {
    const back = instead(two, "Other", 30);
    const edit = [first("a.js", true), ...write("a.js", false, 11)];
    const same = snapshot(back, 30, { "a.js": [1, true] });
    expect(rewinds([one, two, ...edit, back, same])).toEqual([
      [2, []],
      [null, ["a.js"]],
    ]);
    // Only the conversation was rewound: the file keeps its content.
    expect(rewinds([one, two, ...edit, back, snapshot(back, 30, { "a.js": [2, true] })])).toEqual([[2, []]]);
  });

  test("a snapshot may come before its prompt, or after the next edit", () => {
    const back = instead(two, "Other", 30);
    const edit = [first("a.js", false), ...write("a.js", true, 11)];
    const gone = snapshot(back, 30, { "a.js": [2, false] });
    const restored: [null, string[]] = [null, ["a.js"]];
    expect(rewinds([one, two, ...edit, gone, back])).toEqual([[2, []], restored]);
    expect(rewinds([one, two, ...edit, back, ...write("b.js", true, 31), gone])).toEqual([[2, []], restored]);
    // The snapshot does not restore an edit that was made after it.
    const there = [
      one,
      two,
      first("a.js", true),
      ...write("a.js", false, 11),
      snapshot(three, 20, { "a.js": [2, true] }),
    ];
    const later = [back, ...write("a.js", false, 31), snapshot(back, 30, { "a.js": [2, true] })];
    expect(rewinds([...there, three, ...later])).toEqual([[2, []]]);
  });

  test("a second snapshot in the same turn restores no more", () => {
    const back = instead(two, "Other", 30);
    const lines = [
      one,
      two,
      first("a.js", true),
      ...write("a.js", false, 11),
      back,
      snapshot(back, 30, { "a.js": [2, true] }),
      ...write("a.js", false, 31),
      snapshot(back, 40, { "a.js": [2, true] }),
    ];
    expect(rewinds(lines)).toEqual([[2, []]]);
  });

  test("a new file that still exists is not restored", () => {
    const back = instead(two, "Other", 30);
    const made = [first("a.js", false), ...write("a.js", true, 11), first("b.js", false), ...write("b.js", true, 12)];
    expect(rewinds([one, two, ...made, back, snapshot(back, 30, { "a.js": [2, false], "b.js": [2, true] })])).toEqual([
      [2, []],
      [null, ["a.js"]],
    ]);
  });

  test("files of earlier turns are restored too, once one file shows it", () => {
    const back = instead(one, "Other", 30);
    const lines = [
      one,
      first("a.js", true),
      ...write("a.js", false, 1),
      two,
      snapshot(two, 10, { "a.js": [2, true] }),
      first("b.js", false),
      ...write("b.js", true, 11),
      back,
      snapshot(back, 30, { "a.js": [3, true], "b.js": [2, false] }),
    ];
    expect(rewinds(lines)).toEqual([
      [1, []],
      [null, ["a.js", "b.js"]],
    ]);
  });

  test("files edited before the replaced prompt stay edited", () => {
    const back = instead(two, "Other", 30);
    const lines = [
      one,
      first("a.js", true),
      ...write("a.js", false, 1),
      two,
      snapshot(two, 10, { "a.js": [2, true] }),
      ...write("a.js", false, 11),
      first("b.js", false),
      ...write("b.js", true, 12),
      back,
      snapshot(back, 30, { "a.js": [2, true], "b.js": [2, false] }),
    ];
    expect(rewinds(lines)).toEqual([
      [2, []],
      [null, ["b.js"]],
    ]);
  });

  test("files may be restored without the conversation", () => {
    const lines = [
      one,
      first("a.js", true),
      ...write("a.js", false, 1),
      first("b.js", false),
      ...write("b.js", true, 2),
      two,
      snapshot(two, 10, { "a.js": [1, true], "b.js": [2, false] }),
    ];
    expect(rewinds(lines)).toEqual([[null, ["a.js", "b.js"]]]);
  });

  test("a change that a command may have made is not a restored file", () => {
    const back = instead(one, "Other", 30);
    const edits = [one, first("a.js", true), ...write("a.js", false, 1), two, snapshot(two, 10, { "a.js": [2, true] })];
    const made = [...edits, first("b.js", false), ...write("b.js", true, 11)];
    const removed = { "a.js": [2, true], "b.js": [2, false] } satisfies States;
    expect(rewinds([...made, ...command("rm src/../b.js"), back, snapshot(back, 30, removed)])).toEqual([[1, []]]);
    const formatted = { "a.js": [3, true] } satisfies States;
    expect(rewinds([...edits, ...command("npm run format"), back, snapshot(back, 30, formatted)])).toEqual([[1, []]]);
    expect(rewinds([...edits, back, snapshot(back, 30, formatted)])).toEqual([
      [1, []],
      [null, ["a.js"]],
    ]);
  });

  test("a file that is edited again can be restored again", () => {
    const back = instead(two, "Other", 30);
    const again = instead(three, "Again", 60);
    const gone = { "a.js": [2, false] } satisfies States;
    const lines = [
      one,
      two,
      first("a.js", false),
      ...write("a.js", true, 11),
      back,
      snapshot(back, 30, gone),
      three,
      ...write("a.js", true, 41),
      again,
      snapshot(again, 60, { "a.js": [4, false] }),
    ];
    expect(rewinds(lines)).toEqual([
      [2, []],
      [null, ["a.js"]],
      [4, []],
      [null, ["a.js"]],
    ]);
  });

  test("snapshots of any shape are accepted", () => {
    const odd = [null, 1, "x", [], { version: -1 }, { version: 1e300, backupFileName: 7 }];
    const states = Object.fromEntries(odd.map((value, index) => [`${index}`, value]));
    const lines = [
      one,
      first("a.js", false),
      { type: "file-history-delta", trackingPath: "", backup: null },
      { type: "file-history-snapshot", messageId: 7, snapshot: { trackedFileBackups: states, timestamp: 7 } },
      { type: "file-history-snapshot", snapshot: { trackedFileBackups: [1] } },
      { type: "file-history-snapshot", snapshot: null },
      typed("Two"),
    ];
    expect(rewinds(lines)).toEqual([]);
  });
});
