// Every log recorded with a real version of Codex parses completely: no unparsable record and no unknown type.
import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { readEvents, readHead } from "../../../src/sessions/read.ts";

const FIXTURES = resolve(import.meta.dir, "../../fixtures/codex");
const LOGS = readdirSync(FIXTURES, { recursive: true, encoding: "utf8" }).filter((path) =>
  /\.jsonl(\.zst)?$/.test(path),
);

test.each(LOGS)("%s", async (path) => {
  const log = { tool: "codex" as const, path: join(FIXTURES, path) };
  expect(log.path).toContain((await readHead(log)).sessionId);
  const ids = new Set<string>();
  const { stats } = await readEvents(log, { from: 0, to: Number.POSITIVE_INFINITY }, (event) => {
    if (!("id" in event)) return;
    // No two events are of the same call.
    const key = `${event.turn} ${event.kind} ${event.id} ${event.offset}`;
    expect(ids.has(key)).toBe(false);
    ids.add(key);
  });
  expect(stats).toMatchObject({ unparsable: 0, unparsableAt: [], unknown: {} });
});
