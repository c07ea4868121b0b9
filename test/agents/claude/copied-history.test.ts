import { afterEach, beforeEach, expect, test } from "bun:test";
import { join } from "node:path";
import { readEvents, readHead, readPrompts } from "../../../src/sessions/read.ts";
import { resolveOwn, resolveWindow } from "../../../src/sessions/window.ts";
import { type Home, makeHome, uuid } from "../../sessions/logs.ts";
import { at, type Fields, T0 } from "../codex/rollout.ts";
import { line, said, typed } from "./line.ts";
import { logPath, writeLog } from "./log.ts";

const [PARENT, FORK] = [uuid(T0, 1), uuid(T0, 2)];
const ALL = { start: null, end: null };

let home: Home;
let path: string;
beforeEach(async () => {
  home = await makeHome();
  path = logPath(join(home.home, ".claude"), FORK);
});
afterEach(() => home.remove());

const of = (id: string, second: number, record: Fields): Fields => ({
  ...record,
  sessionId: id,
  timestamp: at(second),
});
const text = (words: string) => said({ type: "text", text: words });

/** Writes the parent's log, and a fork that begins with a copy of it. */
async function fork(parent: Fields[], own: Fields[]): Promise<void> {
  await writeLog(
    path.replace(FORK, PARENT),
    parent.map((record, second) => of(PARENT, second, record)),
  );
  const copied = parent.map((record, second) => ({
    ...of(FORK, second, record),
    ...(record.type === "assistant" && { requestSessionId: PARENT }),
  }));
  await writeLog(path, [...copied, ...own.map((record, second) => of(FORK, 100 + second, record))]);
}

async function prompts(): Promise<string[]> {
  const log = { tool: "claude" as const, path };
  const head = await readHead(log);
  const range = await resolveWindow(log, head, ALL);
  expect(await resolveOwn(log, head)).toBe(range.from);
  expect(await readPrompts(log, { from: 0, to: range.from }, 9)).not.toContain("Mine");
  const texts: string[] = [];
  await readEvents(log, range, (event) => event.kind === "prompt" && texts.push(event.text));
  return texts;
}

test("copied records do not belong to a fork", async () => {
  await fork([typed("Theirs"), text("Done.")], [typed("Mine"), text("Done.")]);
  expect(await prompts()).toEqual(["Mine"]);
});

test("a copied last prompt without a reply does not belong to a fork", async () => {
  const stopped = line("user", [{ type: "text", text: "[Request interrupted by user]" }]);
  await fork([typed("Theirs"), text("Done."), typed("Never answered"), stopped], [typed("Mine"), text("Done.")]);
  expect(await prompts()).toEqual(["Mine"]);
});

test("a copy is found behind a long first record", async () => {
  await fork([typed("x".repeat(200_000)), text("Done.")], [typed("Mine"), text("Done.")]);
  expect(await prompts()).toEqual(["Mine"]);
});

test("a session without a copy begins with its first record", async () => {
  await writeLog(path, [of(FORK, 0, typed("Mine")), of(FORK, 1, text("Done."))]);
  expect(await prompts()).toEqual(["Mine"]);
});
