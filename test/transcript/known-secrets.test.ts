// A secret recognized anywhere in a session is on none of its pages, whether or not a part was exported before.
import { afterAll, beforeAll, expect, spyOn, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redactor } from "../../src/secrets/redactor.ts";
import { readHead } from "../../src/sessions/read.ts";
import { writeMarkdown } from "../../src/transcript/markdown/document.ts";
import { TranscriptFolder } from "../../src/transcript/transcript-folder.ts";
import { writeTranscript } from "../../src/transcript/write.ts";
import { encode, event, type Fields, meta } from "../agents/codex/rollout.ts";

const SECRET = "hunter22-and-more";
const HEAD = meta("01a201e4-cb84-7a11-a7c6-963cd916f631");
/** Prints the secret without a context by which it could be recognized. */
const UNRECOGNIZED = [0, 1, 2].flatMap((at) => [
  event("user_message", { message: `Prompt ${at}: it printed ${SECRET}` }, at * 60),
  event("agent_message", { message: `That is ${SECRET.slice(0, 9)}\n${SECRET.slice(9)}.` }, at * 60 + 1),
]);
/** Prints the secret after the name `password`. */
const REVEALED = [
  event("user_message", { message: `Set DB_PASSWORD=${SECRET}` }, 600),
  event("agent_message", { message: "Done." }, 601),
];

let scratch = "";
beforeAll(async () => {
  scratch = await realpath(await mkdtemp(join(tmpdir(), "known-")));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

async function source(records: readonly Fields[]) {
  const path = join(scratch, "rollout.jsonl");
  await writeFile(path, encode(...records));
  const log = { tool: "codex" as const, path };
  const bounds = { prompts: 1, rows: 2 };
  return { log, head: await readHead(log), label: "Shop", actor: null, links: null, redacts: true, bounds };
}

async function pages(name: string, ...logs: (readonly Fields[])[]): Promise<Record<string, string>> {
  const folder = join(scratch, name);
  await mkdir(folder);
  for (const records of logs) await writeTranscript(folder, await source(records));
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => /\.\w+$/.test(file));
  return Object.fromEntries(names.toSorted().map((file) => [file, readFileSync(join(folder, file), "utf8")]));
}

test("a secret recognized at the end is also redacted on earlier pages, even if broken across lines", async () => {
  const before = Object.values(await pages("bare", [HEAD, ...UNRECOGNIZED])).join("\n");
  expect(before).toContain(SECRET);
  const text = Object.values(await pages("revealed", [HEAD, ...UNRECOGNIZED, ...REVEALED])).join("\n");
  expect(text).toContain("Prompt 0: it printed [REDACTED:password]");
  expect(text).toContain("[REDACTED:password].");
  expect(text).not.toContain("hunter22");
});

test("pages that may still contain a secret are discarded", async () => {
  const commit = spyOn(TranscriptFolder.prototype, "commit");
  const discard = spyOn(TranscriptFolder.prototype, "discard");
  try {
    await pages("once", [HEAD, ...UNRECOGNIZED, ...REVEALED]);
    expect(commit).toHaveBeenCalledTimes(1);
    expect(discard).toHaveBeenCalledTimes(2);
  } finally {
    commit.mockRestore();
    discard.mockRestore();
  }
});

test("a secret known in advance is redacted in a single pass", async () => {
  const folder = join(scratch, "seeded");
  await mkdir(folder);
  const secrets = new Redactor();
  secrets.learn(`DB_PASSWORD=${SECRET}`);
  const discard = spyOn(TranscriptFolder.prototype, "discard");
  try {
    await writeTranscript(folder, { ...(await source([HEAD, ...UNRECOGNIZED, ...REVEALED])), secrets });
    expect(discard).toHaveBeenCalledTimes(1);
  } finally {
    discard.mockRestore();
  }
  const seeded = readdirSync(folder).filter((name) => name.endsWith(".html"));
  const twoPasses = await pages("unseeded", [HEAD, ...UNRECOGNIZED, ...REVEALED]);
  for (const name of seeded) expect(readFileSync(join(folder, name), "utf8")).toBe(twoPasses[name] ?? "");
  expect(seeded.length).toBeGreaterThan(1);
});

test("a continued session with secrets equals a single export, and has no checkpoint", async () => {
  const more = event("user_message", { message: `And ${SECRET} again` }, 700);
  const whole = [HEAD, ...UNRECOGNIZED, ...REVEALED, more];
  const atOnce = await pages("at-once", whole);
  expect(atOnce["transcript.json"]).toBeUndefined();
  expect(await pages("grown", [HEAD, ...UNRECOGNIZED], [HEAD, ...UNRECOGNIZED, ...REVEALED], whole)).toEqual(atOnce);
});

test("a secret recognized at the end is redacted in the Markdown too", async () => {
  const markdown = await writeMarkdown(await source([HEAD, ...UNRECOGNIZED, ...REVEALED]));
  expect(markdown).toContain("Prompt 2");
  expect(markdown).not.toContain("hunter22");
});
