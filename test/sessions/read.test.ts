import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readEvents, readHead, readPrompts } from "../../src/sessions/read.ts";
import { call, event, type Fields, message, meta, output, T0 } from "../agents/codex/rollout.ts";
import { type Home, makeHome, uuid } from "./logs.ts";

let home: Home;
beforeEach(async () => {
  home = await makeHome();
});
afterEach(() => home.remove());

const ID = uuid(T0);
const ALL = { from: 0, to: Number.POSITIVE_INFINITY };
const log = (path: string) => ({ tool: "codex" as const, path });
const said = (text: string) => [
  message("user", text),
  event("user_message", { message: text }),
  event("agent_message", { message: "ok" }),
];

describe("readHead", () => {
  test("reads the head of a plain and a compressed log, however long its first record", async () => {
    const records = [meta(ID, { base_instructions: { text: "be kind ".repeat(20_000) } }), ...said("one")];
    for (const suffix of ["", ".zst"]) {
      const path = await home.write(ID, records, `sessions/rollout-2026-11-22T06-00-00-${ID}.jsonl${suffix}`);
      expect(await readHead(log(path))).toMatchObject({ sessionId: ID });
    }
  });

  test("names a file that is not a session log", async () => {
    const path = join(home.home, "notes.jsonl");
    await expect(readHead(log(path))).rejects.toThrow(`\`${path}\` cannot be read`);
    await writeFile(path, "hello\n");
    await expect(readHead(log(path))).rejects.toThrow(`\`${path}\` is not a Codex session log`);
    await expect(readHead(log(home.home))).rejects.toThrow("cannot be read");
  });

  test("rejects a log of another tool", async () => {
    const path = await home.write(ID, [meta(ID)]);
    await expect(readHead({ tool: "claude", path })).rejects.toThrow("is not a Claude Code session log");
  });
});

describe("readEvents", () => {
  test("returns the events of a range, open ones last, and counts records", async () => {
    const records = [meta(ID), call("c1", "exec_command", { cmd: "sleep 9" }), ...said("one"), '{"torn":'];
    const path = await home.write(ID, records);
    const kinds: string[] = [];
    const { stats, end } = await readEvents(log(path), ALL, (event) => kinds.push(event.kind));
    expect(kinds).toEqual(["prompt", "reply", "command"]);
    expect(stats).toMatchObject({ records: 6, unparsable: 1 });
    expect(end).toBeGreaterThan(0);
  });

  test("resolves a relative folder of a call against the session's folder", async () => {
    const path = await home.write(ID, [
      meta(ID, { cwd: "/home/dev/other" }),
      call("c1", "exec_command", { cmd: "ls", workdir: "web" }),
      output("c1", "Process exited with code 0\nOutput:\n"),
    ]);
    const found: unknown[] = [];
    await readEvents(log(path), ALL, (event) => found.push(event));
    expect(found).toMatchObject([{ cwd: "/home/dev/other/web" }]);
  });
});

describe("readPrompts", () => {
  test("returns the last prompts before a position, oldest first", async () => {
    const noise = Array.from({ length: 400 }, (_, index) => [
      call(`c${index}`, "exec_command", { cmd: "ls" }),
      output(`c${index}`, `Process exited with code 0\nOutput:\n${"x".repeat(2_000)}`),
    ]).flat();
    const records: Fields[] = [meta(ID), ...said("one"), ...noise, ...said("two"), ...said("two"), ...noise];
    for (const suffix of ["", ".zst"]) {
      const path = await home.write(ID, records, `sessions/rollout-2026-11-22T06-00-00-${ID}.jsonl${suffix}`);
      expect(await readPrompts(log(path), ALL, 2)).toEqual(["two", "two"]);
      expect(await readPrompts(log(path), ALL, 3)).toEqual(["one", "two", "two"]);
      expect(await readPrompts(log(path), ALL, 9)).toEqual(["one", "two", "two"]);
      expect(await readPrompts(log(path), { from: 0, to: 100_000 }, 9)).toEqual(["one"]);
      expect(await readPrompts(log(path), { from: 0, to: 0 }, 9)).toEqual([]);
      expect(await readPrompts(log(path), ALL, 0)).toEqual([]);
    }
  });

  test("returns the prompts of a log with messages only", async () => {
    const bare = (role: string, text: string) => ({ type: "message", role, content: [{ type: "input_text", text }] });
    const begin = { id: ID, timestamp: "2025-06-01T00:00:00Z" };
    const oldest = await home.write(ID, [begin, bare("user", "one"), bare("assistant", "ok"), bare("user", "two")]);
    expect(await readPrompts(log(oldest), ALL, 3)).toEqual(["one", "two"]);
    const messages = [
      message("user", "one"),
      message("assistant", "ok"),
      message("developer", "be kind"),
      message("user", "two"),
    ];
    expect(await readPrompts(log(await home.write(ID, [meta(ID), ...messages])), ALL, 3)).toEqual(["one", "two"]);
  });
});
