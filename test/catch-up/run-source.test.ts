import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findRunLog } from "../../src/catch-up/run-source.ts";
import type { RunDescription } from "../../src/runs/run-description.ts";
import { run } from "../../src/system/spawn.ts";
import { event, meta, T0 } from "../agents/codex/rollout.ts";
import { type Home, makeHome, uuid } from "../sessions/logs.ts";

const ID = uuid(T0);
const started = process.cwd();

let home: Home;
let root: string;
let described: RunDescription;
beforeEach(async () => {
  home = await makeHome();
  root = join(home.home, "shop");
  const directory = join(root, ".codex/sessions/2026-11-22-0600_Fix_cart");
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "source_match.json"), "{}\n");
  await run(["git", "init", "--quiet"], { cwd: root });
  described = {
    ...{ directory, log: null, tool: "codex", sessionId: ID, label: "Fix cart", start: null, end: null },
    ...{ position: null, existingRunId: null, hasWindow: false, isEmpty: false },
  };
});
afterEach(async () => {
  process.chdir(started);
  await home.remove();
});

const find = () => findRunLog(described, { root, env: {}, home: home.home });
const writeLog = (cwd: string | null) =>
  home.write(ID, [meta(ID, { cwd }), event("agent_message", { message: "ok" }, 1)]);
const commit = () => run(["git", "add", "--force", "."], { cwd: root });

test("finds the native log of a session that worked in the project, also for a committed session directory", async () => {
  const path = await writeLog(root);
  expect(await find()).toEqual({ tool: "codex", path });
  await commit();
  expect(await find()).toEqual({ tool: "codex", path });
});

test.each(["another folder", "an unknown folder"])(
  "a committed session directory is refused if its session worked in %s",
  async (folder) => {
    // In the project, where a relative path would be inside it.
    process.chdir(root);
    const path = await writeLog(folder === "another folder" ? home.home : null);
    expect(await find()).toEqual({ tool: "codex", path });
    await commit();
    await expect(find()).rejects.toThrow(
      "the session directory is committed to git, but its session belongs to another folder",
    );
  },
);
