// Whatever a log contains, pages stay within their size limit and rendering takes a bounded time.
import { expect, test } from "bun:test";
import type { SessionHead } from "../../src/agents/session-head.ts";
import type { EditEvent, SessionEvent } from "../../src/events/event.ts";
import type { TranscriptFile } from "../../src/transcript/attachments.ts";
import { Transcript } from "../../src/transcript/transcript.ts";

const MAX_PAGE = 500_000;
const HEAD: SessionHead = {
  tool: "codex",
  sessionId: "s".repeat(1_000_000),
  version: "v".repeat(1_000_000),
  startedAt: null,
  cwd: "/home/dev/shop",
  git: { commit: null, branch: null, repositoryUrl: "r".repeat(1_000_000) },
  forkedFrom: null,
  parent: null,
};
const COMMON = { at: "2026-11-22T06:15:02.000Z", offset: 0, turn: null, agent: null };

const prompt = (text: string, urls: string[] = []): SessionEvent => {
  return { kind: "prompt", ...COMMON, text, images: urls.map((url) => ({ url })) };
};
const reply = (text: string): SessionEvent => ({ kind: "reply", ...COMMON, text });
const command = (text: string, output: string): SessionEvent => ({
  kind: "command",
  ...COMMON,
  id: "c",
  command: text,
  cwd: text,
  output,
  exitCode: 0,
  outcome: "ok",
  startedAt: COMMON.at,
  durationMs: 1_200,
});
const edit = (changes: EditEvent["changes"], error: string | null = null): SessionEvent => {
  return { kind: "edit", ...COMMON, id: "e", cwd: null, outcome: "ok", changes, error };
};
const change = (path: string, diff: string | null) => ({ type: "update" as const, path, movedTo: null, diff });
const tool = (name: string, input: unknown, output: string): SessionEvent => {
  return { kind: "tool", ...COMMON, id: "t", name, input, outcome: "ok", output };
};

/** Size of each file, by its name. */
function render(events: Iterable<SessionEvent>): Map<string, number> {
  const sizes = new Map<string, number>();
  const write = ({ name, content }: TranscriptFile) => sizes.set(name, Buffer.byteLength(content));
  const transcript = new Transcript({ head: HEAD, label: "", actor: null, links: null, redacts: true }, write);
  for (const event of events) transcript.push(event);
  transcript.finish();
  return sizes;
}

const times = <Item>(count: number, make: (index: number) => Item) =>
  Array.from({ length: count }, (_, at) => make(at));
const MB = 1_000_000;

const hostile: Record<string, () => Iterable<SessionEvent>> = {
  "one prompt with 50,000 commands": () => [prompt("Go"), ...times(50_000, (at) => command(`echo ${at}`, "x\n"))],
  "50 MB of output": () => [prompt("Go"), command("make", "a line of output\n".repeat(50 * 60_000))],
  "a single line of output of 20 MB": () => [prompt("Go"), command("make", "&".repeat(20 * MB))],
  "color codes on every character of output": () => [prompt("Go"), command("make", "\u001b[31;1;2;3;4mx".repeat(MB))],
  "a diff of a million lines": () => [prompt("Go"), edit([change("a", `@@ -1 +1 @@\n${"+&\n-\n".repeat(500_000)}`)])],
  "an edit of 10,000 files": () => [
    prompt("Go"),
    edit(times(10_000, (at) => change(`${at}${"&".repeat(300)}`, `@@ -1 +1 @@\n${"+\n".repeat(400)}`))),
  ],
  "an edit of 10,000 files without their diffs": () => [
    prompt("Go"),
    edit(times(10_000, (at) => change(`${at}${"'".repeat(4_000)}`, null))),
  ],
  "a failed edit with a long error": () => [
    prompt("Go"),
    edit([change("&".repeat(MB), "&".repeat(MB))], "&".repeat(MB)),
  ],
  "a prompt of 20 MB": () => [prompt('"'.repeat(20 * MB))],
  "5,000 prompts": () => times(5_000, (at) => prompt(`${at} ${'"'.repeat(2_000)}`)),
  "a prompt of 10,000 images": () => [
    prompt(
      "",
      times(10_000, (at) => `https://e.example/${at}${"&".repeat(2_000)}`),
    ),
  ],
  "names of 1 MB": () => [
    tool("&".repeat(MB), {}, ""),
    { kind: "model", ...COMMON, model: "a" },
    { kind: "model", ...COMMON, model: "&".repeat(MB) },
    { kind: "search", ...COMMON, query: "&".repeat(MB) },
    { kind: "prompt", ...COMMON, at: "&".repeat(MB), text: "x", images: [] },
    command("&".repeat(MB), ""),
  ],
  "a plan of 500 long steps": () => [
    tool("update_plan", { plan: times(500, () => ({ step: "&".repeat(5_000), status: "s".repeat(5_000) })) }, ""),
  ],
  "deep JSON": () => [tool("x", JSON.parse(`${"[".repeat(2_000)}${"]".repeat(2_000)}`), "[".repeat(MB))],
  "many models": () => times(10_000, (at) => ({ kind: "model", ...COMMON, model: `model-${at}` })),
};

test.each(Object.keys(hostile))("pages stay within the size limit: %s", (name) => {
  const sizes = render(hostile[name]?.() ?? []);
  const pages = [...sizes].filter(([file]) => file.endsWith(".html"));
  expect(pages.length).toBeGreaterThan(1);
  expect(pages.filter(([, size]) => size > MAX_PAGE)).toEqual([]);
});

const bombs: Record<string, (size: number) => SessionEvent> = {
  "nested quotes": (size) => reply(`${">".repeat(size)} x`),
  "nested lists": (size) => reply(times(Math.ceil(Math.sqrt(size)), (at) => `${" ".repeat(at * 2)}- x`).join("\n")),
  backticks: (size) => reply(times(Math.ceil(Math.sqrt(size)), (at) => "`".repeat(at)).join(" x ")),
  brackets: (size) => reply("[".repeat(size)),
  links: (size) => reply("[a](".repeat(size / 4)),
  stars: (size) => reply("*a_ ".repeat(size / 4)),
  addresses: (size) => reply("a.co ".repeat(size / 5)),
  "a table": (size) => reply(`|${"x|".repeat(size / 8)}\n|${"-|".repeat(size / 8)}\n${"x\n".repeat(size / 4)}`),
  entities: (size) => reply("&a".repeat(size / 2)),
  "carriage returns": (size) => command("make", "\r".repeat(size)),
  "carriage returns within lines": (size) => command("make", "x\r\n\r".repeat(size / 4)),
  escapes: (size) => command("make", "\u001b[".repeat(size / 2)),
  "terminal titles": (size) => command("make", "\u001b]0;".repeat(size / 4)),
  "a command of quotes": (size) => command("'\"`$(".repeat(size / 5), ""),
  "a command of parentheses": (size) => command("(".repeat(size), ""),
  "a long word": (size) => reply("x".repeat(size)),
};

test.each(Object.keys(bombs))("hostile text is read in linear time and pages stay within the limit: %s", (name) => {
  const bomb = bombs[name];
  if (bomb === undefined) throw new Error(name);
  for (const size of [60_000, 1_000_000]) {
    const sizes = render([prompt("Go"), bomb(size)]);
    for (const [file, bytes] of sizes) if (file.endsWith(".html")) expect(bytes).toBeLessThan(MAX_PAGE);
  }
});
