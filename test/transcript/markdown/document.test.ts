import { expect, test } from "bun:test";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { SessionHead } from "../../../src/agents/session-head.ts";
import type { SessionEvent } from "../../../src/events/event.ts";
import { readHead } from "../../../src/sessions/read.ts";
import { MarkdownTranscript, writeMarkdown } from "../../../src/transcript/markdown/document.ts";
import { linksOfRemote } from "../../../src/transcript/repository-links.ts";

const RECORDINGS = resolve(import.meta.dir, "../../fixtures/codex");
const SECRET = `ghp_${"a1B2".repeat(9)}`;
const HEAD: SessionHead = {
  tool: "codex",
  sessionId: "01a201e4-cb84-7a11-a7c6-963cd916f631",
  version: "0.169.0",
  startedAt: null,
  cwd: "/home/dev/shop",
  git: { commit: null, branch: null, repositoryUrl: null },
  forkedFrom: null,
  parent: null,
};
const COMMON = { at: "2026-11-22T06:15:02.000Z", offset: 0, turn: null, agent: null };

const prompt = (text: string): SessionEvent => ({ kind: "prompt", ...COMMON, text, images: [] });
const reply = (text: string): SessionEvent => ({ kind: "reply", ...COMMON, text });
const command = (text: string, output: string, exitCode = 0): SessionEvent => ({
  kind: "command",
  ...COMMON,
  id: "c",
  command: text,
  cwd: "/home/dev/shop",
  output,
  exitCode,
  outcome: exitCode === 0 ? "ok" : "failed",
  startedAt: COMMON.at,
  durationMs: 1_200,
});
const edit = (path: string, diff: string): SessionEvent => ({
  kind: "edit",
  ...COMMON,
  id: "e",
  cwd: null,
  outcome: "ok",
  error: null,
  changes: [{ type: "update", path, movedTo: null, diff }],
});

function render(events: readonly SessionEvent[], more: { redacts?: boolean; label?: string } = {}): string {
  const links = linksOfRemote("git@github.com:acme/shop.git");
  const options = { head: HEAD, label: "Fix cart", actor: null, links, redacts: true, ...more };
  const transcript = new MarkdownTranscript(options);
  for (const event of events) transcript.push(event);
  return transcript.finish();
}

test("renders prompts, commands, edits and replies", () => {
  const markdown = render([
    { kind: "model", ...COMMON, model: "gpt-6-sol" },
    prompt("Fix the cart\nplease"),
    { kind: "thinking", ...COMMON, text: "hm" },
    command("cd /home/dev/shop && npm test", "# fail 1\n", 1),
    edit("/home/dev/shop/src/cart.js", "@@ -1 +1 @@\n-a\n+b\n"),
    command("cat src/cart.js", "b\n"),
    reply("Done: **b**."),
  ]);
  expect(markdown).toBe(`## Fix cart

Codex 0.169.0 · gpt-6-sol · 2026-11-22 06:15 UTC · [acme/shop](https://github.com/acme/shop)

1 prompt, 2 commands, 1 changed file, 1 test run

### Prompt 1

> Fix the cart
> please

\`\`\`sh
npm test
\`\`\`

**exit 1**, 1.2 s

<details><summary>last lines of output</summary>

\`\`\`text
# fail 1
\`\`\`

</details>

**changed** \`src/cart.js\` +1 −1

\`\`\`diff
@@ -1 +1 @@
-a
+b
\`\`\`

\`\`\`sh
cat src/cart.js
\`\`\`

exit 0, 1.2 s

Done: **b**.

- files: \`src/cart.js\`
- tests: ✗ \`npm test\`

*Thinking and command output are omitted, except the last lines of failed commands.*
`);
});

test("renders a rewind as one line", () => {
  const rewind = (prompt: number | null, restored: string[]) =>
    render([{ kind: "rewind", ...COMMON, prompt, restored }]);
  expect(rewind(2, [])).toContain("*went back to the state before prompt 2*");
  expect(rewind(null, ["/home/dev/shop/a.js"])).toContain(
    "*files restored to their state before the session's edits:* `a.js`\n",
  );
  const many = Array.from({ length: 23 }, (_, index) => `/home/dev/shop/${index}.js`);
  expect(rewind(null, many)).toContain("`19.js`, and 3 more files\n");
});

test("secrets, home folders and e-mail addresses are removed, unless redaction is off", () => {
  const events = [
    prompt(`Use ${SECRET} of ada@example.org`),
    command("ls /home/ada/x", `${SECRET}\n/home/dev/shop/a.js /root/y\n`, 1),
    edit("/home/ada/notes.md", `+${SECRET}\n`),
  ];
  const markdown = render(events, { label: `${SECRET} in /home/ada` });
  for (const private_ of [SECRET, "/home/", "/root", "ada@"]) expect(markdown).not.toContain(private_);
  for (const text of ["[REDACTED:github-token]", "[REDACTED:email]", "~/notes.md", "\na.js ~/y\n"])
    expect(markdown).toContain(text);
  const all = render(events, { redacts: false });
  for (const private_ of [SECRET, "/home/ada/notes.md", "ada@example.org"]) expect(all).toContain(private_);
});

test("a long session is cut to fit into a pull request, with a count of what is omitted", () => {
  const events = Array.from({ length: 300 }, (_, index) => [
    prompt(`Prompt number ${index + 1}`),
    command(`make ${index}`, "x\n".repeat(5_000), 1),
    edit(`/home/dev/shop/${index}.txt`, `@@ -1 +1 @@\n${"+ä\n".repeat(9_000)}`),
    reply(`\`\`\`\n${"never closed 😀 ".repeat(2_000)}`),
  ]).flat();
  const markdown = render(events);
  expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(60_000);
  expect(Buffer.byteLength(markdown)).toBeGreaterThan(40_000);
  expect(markdown).toContain("> Prompt number 1\n");
  expect(markdown).toMatch(/\*Omitted to limit the length: \d+ \w+.*Continues after prompt 29\d\.\*/);
  const outside = markdown.replaceAll(/^(`{3,})\w*\n[\s\S]*?^\1$/gm, "");
  const counts = /limit the length: ([^*]*)\./.exec(outside)?.[1] ?? "";
  const omitted = [...counts.matchAll(/(\d+) prompts?\b/g)].map(([, count]) => Number(count))[0] ?? 0;
  expect(omitted + (outside.match(/^### Prompt/gm)?.length ?? 0)).toBe(300);
  expect(markdown).not.toContain("\ufffd");
});

test("a single edit of many files does not crowd out the rest", () => {
  const changes = Array.from({ length: 50 }, (_, index) => ({
    type: "update" as const,
    path: `${index}.txt`,
    movedTo: null,
    diff: `@@ -1 +1 @@\n${"+line\n".repeat(2_000)}`,
  }));
  const markdown = render([
    prompt("Go"),
    { kind: "edit", ...COMMON, id: "e", cwd: null, outcome: "ok", error: null, changes },
    reply("Done"),
  ]);
  expect(markdown.length).toBeLessThan(20_000);
  expect(markdown).toContain("*and 30 more files*");
  expect(markdown).toContain("**changed** `19.txt` +2000 −0\n\n*diff omitted*");
});

test.each(["0.169.0", "0.77.0", "0.169.0-image", "0.169.0-mcp", "0.101.0-plan"])(
  "the recording %s gives the same Markdown each time, with every prompt",
  async (name) => {
    const truth = JSON.parse(await readFile(join(RECORDINGS, name, "truth.json"), "utf8"));
    const log = { tool: "codex" as const, path: join(RECORDINGS, name, truth.files[0]) };
    const source = { log, head: await readHead(log), label: "", actor: null, links: null, redacts: true };
    const markdown = await writeMarkdown(source);
    expect(await writeMarkdown(source)).toBe(markdown);
    const prompts = truth.windows.flatMap(({ expect }: { expect: { prompts: string[] } }) => expect.prompts);
    expect(markdown.match(/^### Prompt \d+$/gm)).toHaveLength(prompts.length);
  },
);

test("a line marks where a subagent's blocks start and where the main session's continue", () => {
  const of = (event: SessionEvent): SessionEvent => ({ ...event, agent: "guide" });
  const ran = (text: string) => command(text, "");
  const markdown = render([prompt("Go"), of(ran("make")), of(ran("ls")), ran("pwd"), of(reply("Made."))]);
  const lines = markdown.split("\n").filter((line) => /^\*(?:Sub|Main|Answer)|^(?:make|ls|pwd)$/.test(line));
  const [subagent, main] = ["*Subagent `guide`:*", "*Main session:*"];
  expect(lines).toEqual([subagent, "make", "ls", main, "pwd", "*Subagent's answer:*"]);
});

test("a subagent's task and answer are labeled", () => {
  const of = (event: SessionEvent): SessionEvent => ({ ...event, agent: "a1b2" });
  const markdown = render([prompt("Delegate"), of(prompt("Make a file")), of(reply("Made.")), reply("All done.")]);
  expect(markdown).toContain("*Task for a subagent:*\n\n> Make a file");
  expect(markdown).toContain("*Subagent's answer:*\n\nMade.");
  expect(markdown.match(/^### Prompt/gm)).toHaveLength(1);
  expect(markdown).toContain("1 prompt,");
});
