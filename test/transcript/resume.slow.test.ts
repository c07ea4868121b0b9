// A transcript continued after any part of a log equals one made from the whole log.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { zstdCompressSync } from "node:zlib";
import type { SessionHead } from "../../src/agents/session-head.ts";
import { detectHead } from "../../src/sessions/log-file.ts";
import { writeTranscript } from "../../src/transcript/write.ts";
import { CWD, call, encode, event, type Fields, item, line, meta, output, response } from "../agents/codex/rollout.ts";

const RECORDINGS = resolve(import.meta.dir, "../fixtures");
/** Limits that are low enough that even a short session has several pages. */
const BOUNDS = { prompts: 1, rows: 2 };
const ID = "01a201e4-cb84-7a11-a7c6-963cd916f631";
const PIXEL =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

let scratch = "";
beforeAll(async () => {
  scratch = await realpath(await mkdtemp(join(tmpdir(), "resume-")));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

let folders = 0;

async function newFolder(): Promise<string> {
  const folder = join(scratch, `pages-${folders++}`);
  await mkdir(folder);
  return folder;
}

async function write(folder: string, path: string, more: { label?: string; bounds?: typeof BOUNDS } = {}) {
  const head = await headOf(path);
  await writeTranscript(folder, {
    log: { tool: head.tool, path },
    head,
    label: "Shop",
    actor: "ada",
    links: null,
    redacts: true,
    bounds: BOUNDS,
    ...more,
  });
  return folder;
}

async function headOf(path: string): Promise<SessionHead> {
  const head = await detectHead(path);
  if (head === null) throw new Error(`no log: ${path}`);
  return head;
}

/** Every file of a folder with its content. */
function filesOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const named = files.map((file) => join(file.parentPath, file.name));
  return Object.fromEntries(named.sort().map((path) => [relative(folder, path), readFileSync(path, "latin1")]));
}

const checkpointOf = (files: Record<string, string>) => JSON.parse(files["transcript.json"] ?? "null");

/** Where records end, except the last one. */
function cutsOf(text: string): number[] {
  const cuts: number[] = [];
  for (let at = text.indexOf("\n") + 1; at > 0 && at < text.length; at = text.indexOf("\n", at) + 1) cuts.push(at);
  return cuts;
}

/** Recordings are cut after every `STEP` records. With 1 the tests take a minute. */
const STEP = Number(process.env.CTX_CUT_STEP ?? 5);

/**
 * Exports the log cut after every `step` records, then all of it, and compares with a single export. Returns how many
 * cuts left a checkpoint.
 */
async function resumeAtEveryCut(path: string, bounds = BOUNDS, step = 1): Promise<number> {
  const text = readFileSync(path, "latin1");
  const whole = filesOf(await write(await newFolder(), path, { bounds }));
  let resumed = 0;
  for (const cut of cutsOf(text).filter((_, index) => index % step === step - 1)) {
    const folder = await newFolder();
    await writeFile(path, text.slice(0, cut), "latin1");
    // A Claude Code log is recognized only once it has a message.
    if ((await detectHead(path)) === null) continue;
    if (checkpointOf(filesOf(await write(folder, path, { bounds }))) !== null) resumed++;
    await writeFile(path, text, "latin1");
    const files = filesOf(await write(folder, path, { bounds }));
    if (!Bun.deepEquals(files, whole)) expect({ cut, files }).toEqual({ cut, files: whole });
    await rm(folder, { recursive: true });
  }
  return resumed;
}

for (const name of ["codex", "claude"].flatMap((tool) =>
  readdirSync(join(RECORDINGS, tool)).map((of) => `${tool}/${of}`),
)) {
  test(`the recording ${name} continues from wherever it is cut`, async () => {
    const home = join(scratch, name);
    await cp(join(RECORDINGS, name), home, { recursive: true });
    const truth: { files: string[] } = JSON.parse(readFileSync(join(home, "truth.json"), "utf8"));
    // Sidecar files are not sessions.
    const logs = truth.files.filter(
      (file) => /[\da-f]{12}\.jsonl(?:\.zst)?$/.test(file) && !file.includes("/subagents/"),
    );
    for (const file of logs) await resumeAtEveryCut(join(home, file), BOUNDS, STEP);
  });
}

const turn = (id: string) => [event("task_started", { turn_id: id }), line("turn_context", { turn_id: id, cwd: CWD })];
const says = (text: string) => item("UserMessage", { id: `u-${text}`, content: [{ type: "text", text }] });
const runs = (id: string, command: string, text: unknown) => [
  call(id, "exec_command", { cmd: command }),
  output(id, text),
];

/** A session with everything that may be unfinished when a log ends. */
function longSession(rounds: number): Fields[] {
  const records = [meta(ID)];
  for (let round = 0; round < rounds; round++) {
    const id = (name: string) => `${name}-${round}`;
    records.push(
      ...turn(id("one")),
      says(`Prompt ${round} & <more>`),
      ...runs(id("test"), "npm test", "Process exited with code 1\nOutput:\n# fail 1\n"),
      ...runs(id("long"), "seq 9", `Process exited with code 0\nOutput:\n${"a line\n".repeat(3_000)}`),
      event("agent_message", { message: `Said **${round}**` }),
      event("task_complete"),
      ...turn(id("two")),
      says("Start the server"),
      ...runs(id("serve"), "npm start", `Process running with session ID 7\nOutput:\n${"up\n".repeat(6_000)}`),
      says("and hurry"),
      event("task_complete"),
      ...turn(id("three")),
      item("UserMessage", {
        id: id("image"),
        content: [
          { type: "text", text: "See" },
          { type: "image", image_url: PIXEL },
        ],
      }),
      call(id("poll"), "write_stdin", { session_id: 7, chars: "" }),
      output(id("poll"), "Process exited with code 0\nOutput:\ndown\n"),
      line("compacted", { message: "So far so good" }),
      call(id("stopped"), "exec_command", { cmd: "sleep 9" }),
      event("turn_aborted", { reason: "interrupted" }),
      ...turn(id("four")),
      says("Go on"),
      item("CommandExecution", { id: id("stopped"), command: ["sleep", "9"], status: "failed", exit_code: 130 }),
      response("message", { role: "assistant", content: [{ type: "output_text", text: "Done" }] }),
      line("turn_context", { turn_id: id("four"), cwd: CWD, model: `model-${round % 3}` }),
    );
  }
  return records;
}

async function session(rounds: number, name = "rollout.jsonl"): Promise<string> {
  const path = join(await newFolder(), name);
  const text = encode(...longSession(rounds));
  await writeFile(path, name.endsWith(".zst") ? zstdCompressSync(text) : text);
  return path;
}

test("a session with every kind of record continues from wherever it is cut", async () => {
  expect(await resumeAtEveryCut(await session(3))).toBeGreaterThan(30);
});

test("a session with every kind of record continues also with several prompts on a page", async () => {
  expect(await resumeAtEveryCut(await session(2), { prompts: 3, rows: 3 })).toBeGreaterThan(10);
});

test("a compressed log continues from where the plain one ended, and the other way round", async () => {
  const path = await session(3, "rollout.jsonl.zst");
  const whole = filesOf(await write(await newFolder(), path));
  for (const first of [await session(2), await session(2, "rollout.jsonl.zst")]) {
    const folder = await write(await newFolder(), first);
    expect(checkpointOf(filesOf(folder))).not.toBeNull();
    expect(filesOf(await write(folder, path))).toEqual(whole);
  }
});

/** Exports a log and marks the first page, to see whether it is written again. */
async function marked(path: string): Promise<string> {
  const folder = await write(await newFolder(), path);
  await writeFile(join(folder, "page-001.html"), "untouched");
  return folder;
}

const firstPage = (folder: string) => readFileSync(join(folder, "page-001.html"), "utf8");

test("pages before the checkpoint are not written again", async () => {
  const folder = await marked(await session(3));
  await write(folder, await session(4));
  expect(firstPage(folder)).toBe("untouched");
  expect(Object.keys(filesOf(folder))).toEqual(Object.keys(filesOf(await write(await newFolder(), await session(4)))));
});

test("all pages are written again if the log was rewritten or cut, the label or bounds changed, or a page is missing", async () => {
  const path = await session(3);
  const shorter = await session(1);
  const rewritten = join(await newFolder(), "rollout.jsonl");
  await writeFile(rewritten, readFileSync(path, "utf8").replace("Prompt 1", "Prompt !"));
  const incomplete = await marked(path);
  await rm(join(incomplete, "page-002.html"));
  for (const [folder, log, more] of [
    [await marked(path), shorter, {}],
    [await marked(path), rewritten, {}],
    [await marked(path), path, { label: "Cart" }],
    [await marked(path), path, { bounds: { prompts: 2, rows: 2 } }],
    [incomplete, path, {}],
  ] as const) {
    const fresh = filesOf(await write(await newFolder(), log, more));
    expect(filesOf(await write(folder, log, more))).toEqual(fresh);
  }
});

test("an invalid checkpoint is ignored", async () => {
  const path = await session(3);
  const whole = filesOf(await write(await newFolder(), path));
  const kept = checkpointOf(whole);
  const hostile = [
    "",
    "{",
    "null",
    "[]",
    '"x"',
    `{"__proto__":${JSON.stringify(kept)}}`,
    (whole["transcript.json"] ?? "").slice(0, -9),
    ...[
      { ...kept, more: 1 },
      { ...kept, madeWith: "another version" },
      { ...kept, from: -1 },
      { ...kept, prefixHash: "0".repeat(64) },
      { ...kept, point: { ...kept.point, offset: kept.point.offset + 1 } },
      { ...kept, point: { ...kept.point, offset: 1e300 } },
      { ...kept, state: { ...kept.state, page: 9_007_199_254_740_991 } },
      { ...kept, state: { ...kept.state, ordinal: "1" } },
    ].map((value) => JSON.stringify(value)),
  ];
  for (const text of hostile) {
    const folder = await marked(path);
    await writeFile(join(folder, "transcript.json"), text);
    expect(filesOf(await write(folder, path))).toEqual(whole);
  }
});

test("markup in a checkpoint is escaped", async () => {
  const path = await session(3);
  const folder = await write(await newFolder(), path);
  const kept = checkpointOf(filesOf(folder));
  kept.state.timeline.first[0].facts.prompt = "<script>alert(1)</script>";
  await writeFile(join(folder, "transcript.json"), JSON.stringify(kept));
  await write(folder, path);
  expect(readFileSync(join(folder, "index.html"), "utf8")).not.toContain("<script>alert(1)");
});

test("several processes writing at once leave the same files as one", async () => {
  const [shorter, path] = [await session(6), await session(20)];
  const program = resolve(import.meta.dir, "programs/render-log.ts");
  const start = (log: string, folder: string) => Bun.spawn([process.execPath, program, log, folder]).exited;
  const [folder, fresh] = [await newFolder(), await newFolder()];
  expect(await start(shorter, folder)).toBe(0);
  expect(checkpointOf(filesOf(folder))).not.toBeNull();
  expect(await Promise.all([path, path, path].map((log) => start(log, folder)))).toEqual([0, 0, 0]);
  await start(path, fresh);
  expect(filesOf(folder)).toEqual(filesOf(fresh));
});
