import { describe, expect, test } from "bun:test";
import { entrySchema, fitEntry, runId } from "../../src/changelog/entry.ts";
import { readEntry } from "../../src/changelog/stored-entry.ts";
import { builtinEntry, sampleEntry } from "./sample-entry.ts";

const accepts = (change: object) => entrySchema.safeParse({ ...sampleEntry(), ...change }).success;

describe("runId", () => {
  test("is 16 constant hex digits", () => {
    expect(runId("codex", "01a201e4", 0)).toBe("8a3d1e1b0507d234");
  });

  test("differs for different runs", () => {
    const ids = [runId("codex", "a", 11), runId("codex", "a1", 1), runId("claude", "a", 11), runId("codex", 'a",1', 1)];
    expect(new Set(ids).size).toBe(4);
  });
});

describe("entrySchema", () => {
  test("accepts an evaluated entry and a `builtin` one", () => {
    expect(entrySchema.parse(sampleEntry())).toEqual(sampleEntry());
    expect(entrySchema.parse(builtinEntry())).toEqual(builtinEntry());
  });

  test("accepts the cost of an evaluation", () => {
    const { evaluator } = sampleEntry();
    const withCost = (cost_usd: unknown) => ({ evaluator: { ...evaluator, cost_usd } });
    expect(accepts(withCost(0.0103))).toBe(true);
    expect(accepts(withCost(-1))).toBe(false);
    expect(readEntry({ ...sampleEntry(), ...withCost(0.0103) }).entry?.evaluator?.cost_usd).toBe(0.0103);
    expect(readEntry({ ...sampleEntry(), ...withCost("a lot") }).entry?.evaluator).toMatchObject(evaluator);
  });

  test("accepts an entry without a transcript or without times", () => {
    const nothing = { output_dir: null, index_html: null, source_jsonl: null, source_match_json: null };
    expect(accepts({ session_dir: null, transcript: nothing, start: null, end: null })).toBe(true);
  });

  test.each([
    ["an unknown key", { host: "laptop" }],
    ["another version", { schema_version: 1 }],
    ["a run id that is not 16 hex", { run_id: "C2157E415F33CA4A" }],
    ["a local time", { created_at: "2026-11-22T06:20:00.000+01:00" }],
    ["a time without milliseconds", { created_at: "2026-11-22T06:20:00Z" }],
    ["an actor that is not a slug", { actor: "../ada" }],
    ["a summary that is too long", { summary: "x".repeat(4001) }],
    ["an unknown test result", { tests: [{ cmd: "npm test", result: "ok" }] }],
    ["a commit that is not a hash", { commits: [{ hash: "HEAD", message: "" }] }],
    ["a fraction as a count", { redactions: 0.5 }],
    ["a home path on Linux", { session_dir: "/home/dev/shop" }],
    ["a home path on macOS", { session_dir: "/Users/ada/shop" }],
    ["a home path on Windows", { session_dir: "C:\\Users\\ada\\shop" }],
    ["root's home", { session_dir: "/root" }],
    ["a home path as URL", { session_dir: "file:///home/dev/shop" }],
    ["an e-mail address", { session_dir: ".codex/sessions/ada@example.com" }],
  ])("rejects %s", (_, change) => {
    expect(accepts(change)).toBe(false);
  });

  test("rejects a home path in every path field", () => {
    const { transcript, touched_files: files } = sampleEntry();
    for (const key of Object.keys(transcript)) {
      expect(accepts({ transcript: { ...transcript, [key]: "/home/dev/x" } })).toBe(false);
    }
    for (const key of ["created", "modified", "deleted"]) {
      expect(accepts({ touched_files: { ...files, [key]: ["/home/dev/x"] } })).toBe(false);
    }
    expect(accepts({ touched_files: { ...files, moved: [{ from: "a", to: "/home/dev/x" }] } })).toBe(false);
  });

  test("accepts other absolute paths, and names that only look like homes", () => {
    for (const path of ["/etc/hosts", "/tmp/x", "home/dev/x", "/rooted", "/homeless/x"]) {
      expect(accepts({ session_dir: path })).toBe(true);
    }
  });
});

describe("fitEntry", () => {
  test("does not change an entry within the limits", () => {
    expect(fitEntry(sampleEntry())).toEqual(sampleEntry());
    expect(fitEntry(sampleEntry({ notes: "" })).notes).toBe("");
  });

  test("removes home paths", () => {
    const files = { created: ["/home/linuxbrew/y"], modified: [], deleted: [], moved: [{ from: "a", to: "/root/b" }] };
    const entry = fitEntry(sampleEntry({ session_dir: "/Users/ada/x", touched_files: files }));
    expect(entry).toMatchObject({ session_dir: "~/x", touched_files: { created: ["~/y"], moved: [{ to: "~/b" }] } });
    expect(entrySchema.safeParse(entry).success).toBe(true);
  });

  test("converts times to UTC with their precision", () => {
    const { start, end } = fitEntry(
      sampleEntry({ start: "2026-11-22T07:13:00+01:00", end: "2026-11-22T06:19:00.123456Z" }),
    );
    expect([start, end]).toEqual(["2026-11-22T06:13:00.000Z", "2026-11-22T06:19:00.123456Z"]);
    expect(fitEntry(sampleEntry({ start: "some day" })).start).toBeNull();
  });

  test("cuts long texts and lists, and names the lists in the notes", () => {
    const entry = fitEntry(
      sampleEntry({
        summary: `${"x".repeat(3998)}😀😀`,
        notes: "kept",
        touched_files: {
          created: Array.from({ length: 10_001 }, (_, i) => `f${i}`),
          modified: [],
          deleted: [],
          moved: [],
        },
      }),
    );
    expect(entry.summary).toBe(`${"x".repeat(3998)}…`);
    expect(entry.touched_files.created).toHaveLength(10_000);
    expect(entry.notes).toBe("created files: the first 10000 of 10001 are listed\nkept");
    expect(entrySchema.safeParse(entry).success).toBe(true);
  });
});
