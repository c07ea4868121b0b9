import { expect, test } from "bun:test";
import type { SessionHead } from "../../src/agents/session-head.ts";
import type { SessionEvent } from "../../src/events/event.ts";
import type { TranscriptFile } from "../../src/transcript/attachments.ts";
import { Transcript } from "../../src/transcript/transcript.ts";

const SECRET = `ghp_${"a1B2c3D4e5F6g7H8i9J0".repeat(2)}`;
const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

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

const prompt = (text: string, images: { url: string }[] = []): SessionEvent => ({
  kind: "prompt",
  ...COMMON,
  text,
  images,
});
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

function render(events: readonly SessionEvent[], redacts = true): Map<string, string> {
  const files = new Map<string, string>();
  const write = ({ name, content }: TranscriptFile) => files.set(name, asText(content));
  const transcript = new Transcript({ head: HEAD, label: "Fix cart", actor: "ada", links: null, redacts }, write);
  for (const event of events) transcript.push(event);
  transcript.finish();
  return files;
}

function asText(content: string | Uint8Array): string {
  return typeof content === "string" ? content : Buffer.from(content).toString("latin1");
}

test("the timeline shows each prompt with its outcome", () => {
  const page =
    render([
      prompt("Fix the cart"),
      command("npm test", "# fail 1\n", 1),
      {
        kind: "edit",
        ...COMMON,
        id: "e",
        cwd: null,
        outcome: "ok",
        error: null,
        changes: [{ type: "update", path: "/home/dev/shop/src/cart.js", movedTo: null, diff: "@@ -1 +1 @@\n-a\n+b\n" }],
      },
      command("git commit -qam x && git log -1 --oneline", "b56f337 x\n"),
      prompt("And now?"),
    ]).get("index.html") ?? "";
  expect(page).toContain('<a href="page-001.html#p1">Fix the cart</a>');
  expect(page).toContain('<a href="page-001.html#p2">And now?</a>');
  expect(page).toContain("<code>src/cart.js</code>");
  expect(page).toContain('aria-label="failed">✗</span> <code>npm test</code>');
  expect(page).toContain("<code>b56f337</code> x");
  expect(page).toContain("2 prompts, 2 commands, 1 changed file, 1 test run, 1 commit");
});

test("long names are truncated in the overview", () => {
  const long = "x".repeat(20_000);
  const models = Array.from(
    { length: 50 },
    (_, index) => ({ kind: "model", ...COMMON, model: `${index}${long}` }) as const,
  );
  const index = render([...models, prompt(long), command(`npm test ${long}`, "", 1)]).get("index.html") ?? "";
  expect(index.length).toBeLessThan((render([prompt("Go")]).get("index.html") ?? "").length + 5_000);
});

test("the overview omits facts that the log does not have", () => {
  const index = render([prompt("Go")]).get("index.html") ?? "";
  expect(index).toContain("<dt>tool</dt>");
  for (const name of ["model", "repository", "commit"]) expect(index).not.toContain(`<dt>${name}</dt>`);
});

test("secrets are redacted in every file, unless redaction is off", () => {
  const events = [prompt(`Use ${SECRET}`), command(`echo ${SECRET}`, `${"x\n".repeat(20_000)}${SECRET}`)];
  expect([...render(events).values()].join("")).not.toContain(SECRET);
  expect([...render(events).values()].join("")).toContain("[REDACTED:github-token]");
  expect([...render(events, false).values()].join("")).toContain(SECRET);
});

test("a long output shows its beginning and end, and links to a file with all of it", () => {
  const output = `FIRST\n${"filler line\n".repeat(100_000)}LAST\n`;
  const files = render([prompt("Go"), command("make", output)]);
  const page = files.get("page-001.html") ?? "";
  expect(page.length).toBeLessThan(60_000);
  for (const text of ["FIRST", "LAST", '<a href="files/p1-2-output.txt">all 100,002 lines</a>'])
    expect(page).toContain(text);
  expect(files.get("files/p1-2-output.txt")).toBe(output);
});

test("an image of a prompt is saved as an attachment, and nothing is loaded from elsewhere", () => {
  const url = `data:image/png;base64,${PIXEL}`;
  const svg = "data:image/svg+xml;base64,PHN2Zz4=";
  const files = render([prompt("See", [{ url }, { url: svg }, { url: "https://evil.example/x.png" }])]);
  expect(files.get("files/p1-1-image-1.png")).toBe(Buffer.from(PIXEL, "base64").toString("latin1"));
  expect([...files.keys()].filter((name) => name.startsWith("files/"))).toHaveLength(1);
  expect(files.get("page-001.html")?.match(/<img [^>]*>/g)).toEqual([
    '<img src="files/p1-1-image-1.png" alt="image" loading="lazy">',
  ]);
});

test("blocks of the same millisecond have different anchors", () => {
  const page = render([prompt("One"), command("a", ""), command("b", ""), prompt("Two")]).get("page-001.html") ?? "";
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(["content", "p1", "p1-1", "p1-2", "p1-3", "p2", "p2-1"]);
});

test("hostile text is escaped in every kind of block", () => {
  const hostile = `</pre></script><script>alert(1)</script><img src=x onerror=alert(1)> "' \u202e`;
  const files = render([
    prompt(hostile),
    command(hostile, hostile, 1),
    { kind: "reply", ...COMMON, text: hostile },
    { kind: "thinking", ...COMMON, text: hostile },
    { kind: "notice", ...COMMON, level: "error", text: hostile },
    { kind: "tool", ...COMMON, id: "t", name: hostile, input: { [hostile]: hostile }, outcome: "ok", output: hostile },
    { kind: "search", ...COMMON, query: hostile },
    {
      kind: "edit",
      ...COMMON,
      id: "e",
      cwd: hostile,
      outcome: "failed",
      error: hostile,
      changes: [{ type: "add", path: hostile, movedTo: hostile, diff: hostile }],
    },
  ]);
  for (const page of ["index.html", "page-001.html"]) {
    const body = (files.get(page) ?? "").replace(/<script>\(\(\) => \{[\s\S]*<\/script>\n<\/body>/, "");
    expect(body).not.toMatch(/<script|<img|onerror=alert\(1\)>/);
  }
});

test("the search index contains what the page shows, and nothing else", () => {
  const session = [
    prompt(`Use ${SECRET}`),
    command("make", `FIRST\n${"filler line\n".repeat(5_000)}hidden\n${"filler line\n".repeat(5_000)}LAST\n`),
    { kind: "thinking", ...COMMON, text: "a thought" } as const,
    { kind: "reply", ...COMMON, text: "It is **done**" } as const,
  ];
  const index = render(session).get("search/001.js") ?? "";
  for (const text of ["[REDACTED:github-token]", "make FIRST filler", "LAST", "It is done"])
    expect(index).toContain(text);
  for (const text of [SECRET, "hidden", "a thought"]) expect(index).not.toContain(text);
});

test("later events change only the last search script", () => {
  const session = Array.from({ length: 70 }, (_, index) => [prompt(`Question ${index}`), command("x", "y")]).flat();
  const [before, after] = [render(session.slice(0, 90)), render(session)];
  const scripts = (files: Map<string, string>) => [...files].filter(([name]) => name.startsWith("search/"));
  expect(scripts(before).map(([name]) => name)).toEqual(["search/001.js", "search/002.js", "search/003.js"]);
  expect(scripts(after).slice(0, 2)).toEqual(scripts(before).slice(0, 2));
  expect(after.get("index.html")).toContain('data-pages="4"');
});

test("a search script is bounded, even for long output", () => {
  const files = render([prompt("Go"), ...Array.from({ length: 200 }, () => command("x", '\\"\n'.repeat(20_000)))]);
  const sizes = [...files].filter(([name]) => name.startsWith("search/")).map(([, text]) => Buffer.byteLength(text));
  expect(sizes.length).toBeGreaterThan(5);
  expect(Math.max(...sizes)).toBeLessThan(500_000);
});

test("a subagent's blocks are in a box, and its task is not a prompt", () => {
  const of = (event: SessionEvent): SessionEvent => ({ ...event, agent: "a1b2" });
  const files = render([
    prompt("Delegate"),
    ...[prompt("Make a file"), command("touch inside", ""), { kind: "model", ...COMMON, model: "small" } as const].map(
      of,
    ),
    command("touch after", ""),
  ]);
  const page = files.get("page-001.html") ?? "";
  const [, box = "", rest = ""] =
    /<details class="subagent">([\s\S]*?touch inside[\s\S]*?<\/article>\n)<\/details>([\s\S]*)/.exec(page) ?? [];
  expect(box).toContain("Make a file, 2 steps");
  expect(box).toContain('class="block task"');
  expect(rest).toContain("touch after");
  expect(page.match(/class="block prompt"/g)).toHaveLength(1);
  expect(page.match(/<h2/g)).toHaveLength(1);
  expect(files.get("search/001.js")).toContain("touch inside");
});

test("a subagent's box is titled with its task, and in later turns with its id", () => {
  const of = (event: SessionEvent): SessionEvent => ({ ...event, agent: "a1b2" });
  const task = of(prompt("**Find** <b>callers</b>\nof `total`"));
  const page = render([
    prompt("Delegate"),
    task,
    command("echo between", ""),
    of(command("one", "")),
    prompt("And?"),
    of(command("two", "")),
  ]).get("page-001.html");
  const titles = page?.match(/(?<=<span class="kind">subagent<\/span> ).*(?=, 1 step)/g);
  expect(titles).toEqual(["Find &lt;b&gt;callers&lt;/b&gt;", "Find &lt;b&gt;callers&lt;/b&gt;", "<code>a1b2</code>"]);
});

test("a subagent with many blocks gets several boxes", () => {
  const busy = Array.from(
    { length: 450 },
    (_, index): SessionEvent => ({ ...command(`step ${index}`, ""), agent: "a1b2" }),
  );
  const page = render([prompt("Delegate"), ...busy]).get("page-001.html") ?? "";
  expect(page.match(/<details class="subagent">/g)).toHaveLength(3);
  expect(page.match(/<code>a1b2<\/code>, continued, /g)).toHaveLength(2);
});

test("an image of a result is saved as an attachment", () => {
  const url = `data:image/png;base64,${PIXEL}`;
  const files = render([
    prompt("Look"),
    { kind: "tool", ...COMMON, id: "t", name: "Read", input: {}, outcome: "ok", output: "", images: [{ url }] },
  ]);
  expect(files.get("page-001.html")).toContain('<img src="files/p1-2-image-1.png"');
  expect(files.get("page-001.html")).not.toContain(PIXEL);
});

test("a proposed plan is rendered as Markdown, with the answer if it was refused", () => {
  const plan = (outcome: "ok" | "refused", output: string): SessionEvent => ({
    kind: "tool",
    ...COMMON,
    id: "t",
    name: "ExitPlanMode",
    input: { plan: "# Plan\n- **one**" },
    outcome,
    output,
  });
  const page =
    render([prompt("Plan"), plan("refused", "Not like this"), plan("ok", "approved")]).get("page-001.html") ?? "";
  expect(page.match(/<strong>one<\/strong>/g)).toHaveLength(2);
  expect(page).toContain("<pre>Not like this</pre>");
  expect(page).not.toContain("approved");
});
