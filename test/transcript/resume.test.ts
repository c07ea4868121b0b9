// A transcript that goes on is the one that would be made of the whole log, whatever part of it was there before.
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
/** So little that even a short session turns pages. */
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

/** Where records end, but for the first and the last one. */
function cutsOf(text: string): number[] {
  const cuts: number[] = [];
  for (let at = text.indexOf("\n") + 1; at > 0 && at < text.length; at = text.indexOf("\n", at) + 1) cuts.push(at);
  return cuts;
}

/** How many records lie between two cuts of a recording; 1 cuts it everywhere, which takes a minute. */
const STEP = Number(process.env.CTX_CUT_STEP ?? 5);

/**
 * Cuts a log everywhere, or behind every some records, and lets it go on; returns how many of the cuts left something
 * to go on from.
 */
async function cutEverywhere(path: string, bounds = BOUNDS, step = 1): Promise<number> {
  const text = readFileSync(path, "latin1");
  const whole = filesOf(await write(await newFolder(), path, { bounds }));
  let resumed = 0;
  for (const cut of cutsOf(text).filter((_, index) => index % step === step - 1)) {
    const folder = await newFolder();
    await writeFile(path, text.slice(0, cut), "latin1");
    // Claude Code's is no log before something is said in it.
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
  test(`the recording ${name} goes on from where it is cut`, async () => {
    const home = join(scratch, name);
    await cp(join(RECORDINGS, name), home, { recursive: true });
    const truth: { files: string[] } = JSON.parse(readFileSync(join(home, "truth.json"), "utf8"));
    // What lies beside a log is no session.
    const logs = truth.files.filter(
      (file) => /[\da-f]{12}\.jsonl(?:\.zst)?$/.test(file) && !file.includes("/subagents/"),
    );
    for (const file of logs) await cutEverywhere(join(home, file), BOUNDS, STEP);
  });
}

const turn = (id: string) => [event("task_started", { turn_id: id }), line("turn_context", { turn_id: id, cwd: CWD })];
const says = (text: string) => item("UserMessage", { id: `u-${text}`, content: [{ type: "text", text }] });
const runs = (id: string, command: string, text: unknown) => [
  call(id, "exec_command", { cmd: command }),
  output(id, text),
];

/** A session with everything that may still be open when a log ends. */
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

test("a session of everything goes on from everywhere", async () => {
  expect(await cutEverywhere(await session(3))).toBeGreaterThan(30);
});

test("so it does where a page holds several prompts", async () => {
  expect(await cutEverywhere(await session(2), { prompts: 3, rows: 3 })).toBeGreaterThan(10);
});

test("a packed log goes on where the plain one ended, and the other way round", async () => {
  const path = await session(3, "rollout.jsonl.zst");
  const whole = filesOf(await write(await newFolder(), path));
  for (const first of [await session(2), await session(2, "rollout.jsonl.zst")]) {
    const folder = await write(await newFolder(), first);
    expect(checkpointOf(filesOf(folder))).not.toBeNull();
    expect(filesOf(await write(folder, path))).toEqual(whole);
  }
});

/** A folder in which pages that are not made anew can be told. */
async function marked(path: string): Promise<string> {
  const folder = await write(await newFolder(), path);
  await writeFile(join(folder, "page-001.html"), "as it was");
  return folder;
}

const firstPage = (folder: string) => readFileSync(join(folder, "page-001.html"), "utf8");

test("what stands before the last page that begins with a prompt is not made again", async () => {
  const folder = await marked(await session(3));
  await write(folder, await session(4));
  expect(firstPage(folder)).toBe("as it was");
  expect(Object.keys(filesOf(folder))).toEqual(Object.keys(filesOf(await write(await newFolder(), await session(4)))));
});

test("a log that was rewritten or cut, another label or bound, or a page that is gone: all is made anew", async () => {
  const path = await session(3);
  const shorter = await session(1);
  const rewritten = join(await newFolder(), "rollout.jsonl");
  await writeFile(rewritten, readFileSync(path, "utf8").replace("Prompt 1", "Prompt !"));
  const lost = await marked(path);
  await rm(join(lost, "page-002.html"));
  for (const [folder, log, more] of [
    [await marked(path), shorter, {}],
    [await marked(path), rewritten, {}],
    [await marked(path), path, { label: "Cart" }],
    [await marked(path), path, { bounds: { prompts: 2, rows: 2 } }],
    [lost, path, {}],
  ] as const) {
    const fresh = filesOf(await write(await newFolder(), log, more));
    expect(filesOf(await write(folder, log, more))).toEqual(fresh);
  }
});

test("a checkpoint that is none is ignored", async () => {
  const path = await session(3);
  const whole = filesOf(await write(await newFolder(), path));
  const kept = checkpointOf(whole);
  const hostile = [
    ...[
      "",
      "{",
      "null",
      "[]",
      '"x"',
      `{"__proto__":${JSON.stringify(kept)}}`,
      (whole["transcript.json"] ?? "").slice(0, -9),
    ],
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

test("markup in a checkpoint is text", async () => {
  const path = await session(3);
  const folder = await write(await newFolder(), path);
  const kept = checkpointOf(filesOf(folder));
  kept.state.timeline.first[0].facts.prompt = "<script>alert(1)</script>";
  await writeFile(join(folder, "transcript.json"), JSON.stringify(kept));
  await write(folder, path);
  expect(readFileSync(join(folder, "index.html"), "utf8")).not.toContain("<script>alert(1)");
});

test("several programs that write at once leave what one would", async () => {
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
