// The model works while the pages are written, and the entry is appended after both.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { exportLatest } from "../../src/export/export.ts";
import { withLock } from "../../src/system/lock.ts";
import { run } from "../../src/system/spawn.ts";
import { checkpointPath } from "../../src/transcript/checkpoint.ts";
import { answers, FakeCodexHome, PATH } from "../evaluate/codex/fake-codex.ts";
import { waitForFile } from "../wait-until.ts";

const HOLD_LOCK = resolve(import.meta.dir, "../system/workers/hold-lock.ts");
const RECORDING = resolve(import.meta.dir, "../fixtures/codex/0.169.0");

let place: FakeCodexHome;
let root: string;
let out: string;

beforeEach(async () => {
  place = await FakeCodexHome.create();
  root = join(place.home, "shop");
  out = join(place.home, "out");
  mkdirSync(out);
  await run(["git", "clone", "--quiet", join(RECORDING, "repo.bundle"), root]);
  cpSync(join(RECORDING, "sessions"), join(place.home, ".codex/sessions"), { recursive: true });
});

afterEach(() => place.remove());

async function exportWith(command: string, changelog = true) {
  return await exportLatest({
    ...{ tool: "codex", cwd: "/home/dev/shop-repo", projectRoot: root, start: null, end: null, sessionId: null },
    ...{ output: out, label: "Fix cart", changelog, actor: "ada", evaluator: "codex", model: null },
    ...{ timeoutMs: 20_000, home: place.home, now: () => new Date(), onNotice: () => {} },
    env: { PATH, HOME: place.home, CTX_CODEX_CMD: command },
  });
}

/** The entries, and whether the pages that they name exist. */
function recorded(): { evaluator: string; hasPage: boolean }[] {
  const path = join(root, ".changelog/ada/entries.jsonl");
  if (!existsSync(path)) return [];
  const rows = readFileSync(path, "utf8").trimEnd().split("\n");
  return rows.map((row) => {
    const { evaluator, transcript } = JSON.parse(row);
    const page = String(transcript.index_html).replace(/^~/, place.home);
    return { evaluator: evaluator.name, hasPage: existsSync(page) };
  });
}

test("a model is asked while the pages are written, and the entry waits for them", async () => {
  const answered = join(place.home, "answered");
  const command = await place.fakeCodex(`${answers}; touch ${answered}`);
  const exported = withLock(checkpointPath(out), async () => {
    // The lock is held, so the pages cannot be written.
    const exporting = exportWith(command);
    await waitForFile(answered);
    expect(recorded()).toEqual([]);
    return { exporting };
  });
  const { changelog, indexHtml } = await (await exported).exporting;
  expect([changelog.status, indexHtml]).toEqual(["recorded", join(out, "index.html")]);
  expect(recorded()).toEqual([{ evaluator: "codex", hasPage: true }]);
});

/** A stopped process that holds the lock of a file. */
async function stoppedHolder(file: string): Promise<AsyncDisposable> {
  const child = Bun.spawn([process.execPath, HOLD_LOCK, file], { stdout: "pipe" });
  await child.stdout.getReader().read();
  child.kill("SIGSTOP");
  return {
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

test("if a stopped process holds the lock of the run, it is exported without an entry, and the process is named", async () => {
  const command = await place.fakeCodex(answers);
  const before = await exportWith(command, false);
  mkdirSync(join(root, ".changelog"));
  {
    await using _ = await stoppedHolder(join(root, ".changelog", before.run?.runId ?? ""));
    const { changelog } = await exportWith(command);
    expect(changelog).toMatchObject({ status: "pending", message: expect.stringContaining("which is stopped") });
    expect(recorded()).toEqual([]);
  }
  expect((await exportWith(command)).changelog).toMatchObject({ status: "recorded", message: null });
});

test("if a stopped process holds the lock of the pages, the next export writes the entry", async () => {
  const command = await place.fakeCodex(answers);
  {
    await using _ = await stoppedHolder(checkpointPath(out));
    await expect(exportWith(command)).rejects.toThrow("which is stopped");
    expect(recorded()).toEqual([]);
  }
  await exportWith(command);
  expect(recorded()).toEqual([{ evaluator: "codex", hasPage: true }]);
});

test("the entry is recorded even if the failure cannot be written", async () => {
  mkdirSync(join(root, ".changelog/ada/failures.jsonl"), { recursive: true });
  const { changelog } = await exportWith(await place.fakeCodex("echo oops >&2; exit 1"));
  expect(changelog).toMatchObject({
    status: "recorded",
    evaluator: "builtin",
    message: expect.stringContaining("oops"),
  });
});

test("the pages are written even if the entry cannot be recorded", async () => {
  const entries = join(root, ".changelog/ada/entries.jsonl");
  const command = await place.fakeCodex(`rm -f ${entries}; mkdir -p ${entries}; ${answers}`);
  await expect(exportWith(command)).rejects.toThrow("entries.jsonl");
  expect(existsSync(join(out, "index.html"))).toBe(true);
});
