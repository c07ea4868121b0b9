// Sessions for the browser tests: one with every kind of event, a hostile one, and all recordings as one.
import { mkdirSync, writeFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { SessionHead } from "../../src/agents/session-head.ts";
import type { SessionEvent } from "../../src/events/event.ts";
import { readEvents } from "../../src/sessions/read.ts";
import { Transcript } from "../../src/transcript/transcript.ts";

const RECORDINGS = resolve(import.meta.dir, "../fixtures/codex");
const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
export const SECRET = `ghp_${"a1B2c3D4e5F6g7H8i9J0".repeat(2)}`;

const HEAD: SessionHead = {
  tool: "codex",
  sessionId: "01a201e4-cb84-7a11-a7c6-963cd916f631",
  version: "0.169.0",
  startedAt: "2026-11-22T06:15:02.000Z",
  cwd: "/home/dev/shop",
  forkedFrom: null,
  parent: null,
  git: { commit: "b56f337a0c0d1e2f", branch: "main", repositoryUrl: "git@github.com:acme/shop.git" },
};

let second = 0;
const common = () => ({
  at: new Date(Date.parse("2026-11-22T06:15:02.000Z") + 1_000 * second++).toISOString(),
  offset: 0,
  turn: null,
  agent: null,
});

const prompt = (text: string, images: { url: string }[] = []): SessionEvent => ({
  kind: "prompt",
  ...common(),
  text,
  images,
});

const reply = (text: string): SessionEvent => ({ kind: "reply", ...common(), text });

const command = (text: string, output: string, exitCode = 0): SessionEvent => ({
  kind: "command",
  ...common(),
  id: "c",
  command: text,
  cwd: "/home/dev/shop",
  output,
  exitCode,
  outcome: exitCode === 0 ? "ok" : "failed",
  startedAt: "2026-11-22T06:15:02.000Z",
  durationMs: 1_200,
});

const DIFF = "@@ -1,3 +1,3 @@ function total(items) {\n const sum = 0;\n-return sum;\n+return items.length;\n }\n";
const ESC = "\u001b";

/** Events of every kind, with every outcome and form. */
export function everything(): SessionEvent[] {
  const edit = { kind: "edit" as const, id: "e", cwd: "/home/dev/shop", error: null };
  const tool = { kind: "tool" as const, id: "t", outcome: "ok" as const };
  return [
    { kind: "model", ...common(), model: "gpt-5.5" },
    prompt("Fix the cart: the total of an empty cart is NaN.\n\n  keep my spaces", [
      { url: `data:image/png;base64,${PIXEL}` },
    ]),
    { kind: "thinking", ...common(), text: "**Looking for the total**\n\nThe thought is in a closed box." },
    command("grep -rn total src", "src/cart.js:3:  return total;\n"),
    { ...edit, ...common(), outcome: "ok", changes: [change("update", "/home/dev/shop/src/cart.js", DIFF)] },
    {
      ...edit,
      ...common(),
      outcome: "failed",
      error: "the patch does not apply",
      changes: [change("add", "/home/dev/shop/docs/pricing.md", "# Prices\n"), change("delete", "old.txt", null)],
    },
    command("npm test", `${ESC}[32mok${ESC}[0m 12 tests\n${ESC}[31mnot ok${ESC}[0m cart total\n`, 1),
    command("npm run build", `${"built a module\n".repeat(40)}done in walrus mode\n`),
    command("make all", `FIRST\n${"filler line\n".repeat(5_000)}hidden\n${"filler line\n".repeat(5_000)}LAST\n`),
    { ...tool, ...common(), name: "update_plan", input: PLAN, output: "" },
    { ...tool, ...common(), name: "tracker.create_issue", input: { title: "Empty cart" }, output: '{"id":41}' },
    { kind: "search", ...common(), query: "javascript NaN reduce" },
    { kind: "notice", ...common(), level: "error", text: "stream disconnected, retrying" },
    { kind: "compaction", ...common(), summary: "A summary in a closed box." },
    { kind: "model", ...common(), model: "gpt-5.5-mini" },
    reply(REPLY),
    prompt(`Now deploy it with ${SECRET}`),
    command(`deploy --token ${SECRET}`, `using ${SECRET}\ndeployed\n`),
    command("git commit -qam 'fix: total' && git log -1 --oneline", "b56f337 fix: total\n"),
    reply("Deployed."),
    ...Array.from({ length: 40 }, (_, index) => [prompt(`Question ${index + 3}`), reply(`Answer ${index + 3}`)]).flat(),
  ];
}

const PLAN = {
  explanation: "Two steps.",
  plan: [
    { step: "Find the bug", status: "completed" },
    { step: "Fix it", status: "in_progress" },
    { step: "Ship it", status: "pending" },
  ],
};

const REPLY = `## What I did

The total of an *empty* cart is **0** now. See [the docs](https://example.com/docs).

1. read \`src/cart.js\`
2. changed \`total()\`

\`\`\`js
return items.reduce((sum, { price }) => sum + price, 0);
\`\`\`

| case | before | after | why |
|------|--------|-------|-----|
| empty basket | undefined | 0 | ${"It began with nothing to add to. ".repeat(12)}|

> It was never tested.
`;

function change(type: "add" | "update" | "delete", path: string, diff: string | null) {
  return { type, path, movedTo: null, diff };
}

/** Events of every kind whose texts try to run or load something, break out of their element or deceive. */
export function hostile(): SessionEvent[] {
  return HOSTILE_TEXTS.flatMap((text) => [
    { kind: "model", ...common(), model: text },
    prompt(text, [{ url: "https://evil.invalid/x.png" }, { url: "data:image/svg+xml;base64,PHN2Zz4=" }]),
    { kind: "thinking", ...common(), text },
    command(text, text, 1),
    {
      kind: "edit",
      ...common(),
      id: "e",
      cwd: text,
      outcome: "failed",
      error: text,
      changes: [{ type: "update", path: text, movedTo: text, diff: `@@ -1 +1 @@\n-${text}\n+${text}\n` }],
    },
    { kind: "tool", ...common(), id: "t", name: text, input: { [text]: text }, outcome: "ok", output: text },
    { kind: "tool", ...common(), id: "t", name: "update_plan", input: planOf(text), outcome: "ok", output: "" },
    { kind: "search", ...common(), query: text },
    { kind: "notice", ...common(), level: "info", text },
    { kind: "compaction", ...common(), summary: text },
    reply(text),
  ]);
}

/** Their scripts would set `hacked`. */
const HOSTILE_TEXTS = [
  "</pre></script><script>globalThis.hacked=1</script><script src=https://evil.invalid/x.js></script>",
  `"><img src=x onerror="globalThis.hacked=1"><img src=https://evil.invalid/a.png><svg onload=globalThis.hacked=1>`,
  "[go](javascript:globalThis.hacked=1) ![a](https://evil.invalid/b.png) <javascript:alert(1)> [d](data:text/html,x)",
  "</style><style>@import 'https://evil.invalid/c.css';body{background:url(https://evil.invalid/d.png)}</style>",
  "<iframe src=https://evil.invalid></iframe><link rel=stylesheet href=https://evil.invalid/e.css><base href=//x>",
  `\u202egnp.exe\u2066 ${ESC}]8;;javascript:globalThis.hacked=1\u0007click${ESC}]8;;\u0007 ${ESC}[2J\u0000\u009b31m \u2028 */`,
  `x"]);globalThis.hacked=1;([" \\"]);globalThis.hacked=1;// <!--<script>`,
  `${"long".repeat(3_000)}`,
];

function planOf(step: string) {
  return { explanation: step, plan: [{ step, status: step }] };
}

/** The events of every recording, one session after the other. */
export async function recordings(): Promise<SessionEvent[]> {
  const events: SessionEvent[] = [];
  for (const name of (await readdir(RECORDINGS)).sort()) {
    const { files } = JSON.parse(await readFile(join(RECORDINGS, name, "truth.json"), "utf8"));
    for (const file of files) {
      const log = { tool: "codex" as const, path: join(RECORDINGS, name, file) };
      await readEvents(log, { from: 0, to: Number.POSITIVE_INFINITY }, (event) => events.push(event));
    }
  }
  return events;
}

/** A transcript on disk. */
export interface WrittenSession {
  /** Names of all its files, in the order they were written. */
  names: string[];
  url(name: string): string;
}

export function writeSession(folder: string, events: readonly SessionEvent[], label = "Fix the cart"): WrittenSession {
  const names: string[] = [];
  const transcript = new Transcript(
    { head: HEAD, label, actor: "ada", links: null, redacts: true },
    ({ name, content }) => {
      names.push(name);
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    },
  );
  for (const event of events) transcript.push(event);
  transcript.finish();
  return { names, url: (name) => `${pathToFileURL(folder).href}/${name}` };
}
