import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import { renderArchive } from "../../src/transcript/archive-page.ts";
import { TestBrowser } from "./browser.ts";
import { everything, hostile, recordings, type WrittenSession, writeSession } from "./sessions.ts";

const PROBLEMS = readFileSync(join(import.meta.dir, "problems.js"), "utf8");

let browser: TestBrowser;

beforeAll(async () => {
  browser = await TestBrowser.open();
}, 60_000);

afterAll(() => browser.close());

/** The problems of all pages of a session, at two window widths, in light and dark. */
async function problemsOf({ names, url }: WrittenSession): Promise<string[]> {
  const problems: string[] = [];
  const page = await browser.context.newPage();
  for (const name of names.filter((name) => name.endsWith(".html"))) {
    await page.goto(url(name));
    for (const width of [1280, 390]) {
      for (const colorScheme of ["light", "dark"] as const) {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        const found = await page.evaluate<string[]>(PROBLEMS);
        problems.push(...found.map((problem) => `${name}, width ${width}, ${colorScheme}: ${problem}`));
      }
    }
  }
  await page.close();
  return [...problems, ...browser.problems.splice(0)];
}

const write = (name: string, events: Parameters<typeof writeSession>[1], label?: string) =>
  writeSession(join(browser.folder, name), events, label);

test("a session with every kind of event has no problems on any page", async () => {
  expect(await problemsOf(write("everything", everything()))).toEqual([]);
}, 60_000);

/** An archive page with every kind of fact. */
function writeArchive(): string {
  const path = join(browser.folder, "archive.html");
  const [startedAt, endedAt] = ["2026-11-22T06:15:00.000Z", "2026-11-22T06:27:00.000Z"];
  const session = { tool: "codex", startedAt, endedAt, runsAt: [startedAt], prompts: 2, entries: null } as const;
  const entries = {
    summaries: ["Fixed the empty cart"],
    files: Array.from({ length: 20 }, (_, index) => `src/${"deep/".repeat(20)}file-${index}.ts`),
    tests: { pass: 1, fail: 2, unknown: 3 },
    commits: Array.from({ length: 20 }, (_, index) => ({ hash: `b56f337${index}`, message: "fix(cart): ".repeat(20) })),
    recordedIn: [{ actor: "ada", href: "../.changelog/ada/entries.jsonl" }],
  };
  const sessions = [
    { ...session, title: "Fix cart", href: "axe/index.html", entries },
    { ...session, title: "word".repeat(200), href: null },
  ];
  writeFileSync(path, renderArchive("shop", sessions));
  return pathToFileURL(path).href;
}

test("the archive page has no problems", async () => {
  const url = writeArchive();
  expect(await problemsOf({ names: ["archive.html"], url: () => url })).toEqual([]);
});

test("axe finds no violations on the overview, a page, search results and the archive page", async () => {
  const { url } = write("axe", everything());
  const archive = writeArchive();
  const page = await browser.context.newPage();
  for (const name of ["index.html", "page-001.html", "archive.html"]) {
    await page.goto(name === "archive.html" ? archive : url(name));
    if (name === "index.html") {
      await page.fill("#query", "total");
      await page.locator(".search [role=status]", { hasText: "results" }).waitFor();
    }
    await page.evaluate(axe.source);
    for (const [colorScheme, options] of [
      ["light", "{}"],
      ["dark", "{ runOnly: ['color-contrast'] }"],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await page.evaluate<axe.AxeResults>(`axe.run(${options})`);
      const found = violations.map(
        ({ id, nodes }) => `${name}, ${colorScheme}: ${id} ${nodes.map(({ html }) => html)}`,
      );
      expect(found).toEqual([]);
    }
  }
  await page.close();
}, 60_000);

test("the pages of all recordings have no problems", async () => {
  const session = write("recordings", await recordings());
  expect(session.names.length).toBeGreaterThan(5);
  expect(await problemsOf(session)).toEqual([]);
}, 60_000);

test("a hostile session runs nothing, loads nothing and has no layout problems", async () => {
  const session = write("hostile", hostile(), '</title><script>hacked=1</script>"><img src=x onerror=hacked=1>');
  expect(await problemsOf(session)).toEqual([]);
  const page = await browser.visit(session.url("index.html"));
  await page.fill("#query", "hacked");
  await page.locator(".search [role=status]", { hasText: "results" }).waitFor();
  expect(await page.locator(".results a").count()).toBeGreaterThan(20);
  expect(await page.locator(".results").locator("script, img, style, iframe, svg").count()).toBe(0);
  expect(await page.evaluate<string[]>(PROBLEMS)).toEqual([]);
  expect(browser.problems.splice(0)).toEqual([]);
}, 60_000);
