// The pages of recorded sessions of real clients contain the person's prompts, and nothing else as a prompt.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { TOOLS } from "../../src/agents/registry.ts";
import { type LogRef, readHead } from "../../src/sessions/read.ts";
import { writeTranscript } from "../../src/transcript/write.ts";

const FIXTURES = resolve(import.meta.dir, "../fixtures");

interface Truth {
  session_id: string;
  windows: { session_id?: string; expect: { prompts: string[] } }[];
  files: string[];
}

let scratch = "";
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "pages-"));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

async function pagesOf(log: LogRef): Promise<Record<string, string>> {
  const folder = await mkdtemp(join(scratch, "session-"));
  const head = await readHead(log);
  await writeTranscript(folder, { log, head, label: "", actor: null, links: null, redacts: true });
  const names = readdirSync(folder).filter((name) => name.endsWith(".html"));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

const recordings = TOOLS.flatMap((tool) => readdirSync(join(FIXTURES, tool)).map((name) => ({ tool, name })));
for (const { tool, name } of recordings) {
  const folder = join(FIXTURES, tool, name);
  const truth: Truth = JSON.parse(readFileSync(join(folder, "truth.json"), "utf8"));
  for (const id of new Set(truth.windows.map((window) => window.session_id ?? truth.session_id))) {
    test(`the pages of ${tool} ${name}, session ${id}, contain exactly its prompts`, async () => {
      const file = truth.files.find((path) => path.includes(id)) ?? "";
      const windows = truth.windows.filter((window) => (window.session_id ?? truth.session_id) === id);
      const prompts = windows.flatMap((window) => window.expect.prompts);
      const pages = await pagesOf({ tool, path: join(folder, file) });
      const { "index.html": index = "", ...others } = pages;
      expect(
        Object.values(others)
          .join("")
          .match(/<h2 id="p[1-9]/g) ?? [],
      ).toHaveLength(prompts.length);
      expect(index).toContain(prompts.length === 1 ? "1 prompt" : `${prompts.length} prompts`);
      expect(await pagesOf({ tool, path: join(folder, file) })).toEqual(pages);
    });
  }
}

test("the totals omit commits that the log does not show", async () => {
  const folder = join(FIXTURES, "claude/2.1.330-resumed");
  const truth: Truth = JSON.parse(readFileSync(join(folder, "truth.json"), "utf8"));
  const log = truth.files.find((file) => file.includes(truth.windows[0]?.session_id ?? truth.session_id)) ?? "";
  const { "index.html": index } = await pagesOf({ tool: "claude", path: join(folder, log) });
  // The session commits with `git commit -q`.
  expect(index).toContain("3 prompts, 3 commands, 3 changed files, 1 test run</dd>");
});
