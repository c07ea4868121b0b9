import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readPending } from "../../src/runs/pending-schema.ts";

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "pending-schema-")));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A record as the first version wrote it. */
const OLD = {
  ...{ schema_version: 1, tool: "claude", label: "Fix cart", root: "/shop", cwd: "/shop", env: {} },
  settings: { changelog: null, actor: null, evaluator: null, model: null, timeoutMs: null },
  ...{ started_at: "2026-11-22T06:00:00.000Z", ended_at: null, resume: null, session_id: null },
  ...{ before: null, others: 0, child: null, logs: [] },
};

async function read(record: unknown) {
  const path = join(folder, "record.json");
  await writeFile(path, JSON.stringify(record));
  return await readPending(path);
}

test("a record written before a field was added gets the field's default", async () => {
  const settings = { ...OLD.settings, repository: null };
  expect(await read(OLD)).toEqual({
    ...OLD,
    settings,
    alone: false,
    sessions: [],
    bound: null,
    after: null,
    released: false,
  } as never);
  expect(await read({ ...OLD, sessions: ["a"] })).toMatchObject({ sessions: ["a"] });
});

test("an unreadable record says why, and a missing one is null", async () => {
  expect(await read({ ...OLD, sessions: "a" })).toEqual({
    unreadable: "it is not valid: sessions: Invalid input: expected array, received string",
  });
  expect(await read({ ...OLD, schema_version: 2 })).toEqual({
    unreadable: "its version is 2, and this `ctx` reads version 1",
  });
  const cut = join(folder, "cut.json");
  await writeFile(cut, '{"schema_version": 1, ');
  expect(await readPending(cut)).toEqual({ unreadable: "it is not valid JSON" });
  expect(await readPending(join(folder, "gone.json"))).toBeNull();
});
