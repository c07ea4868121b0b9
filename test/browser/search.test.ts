import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { TestBrowser } from "./browser.ts";
import { everything, SECRET, type WrittenSession, writeSession } from "./sessions.ts";

let browser: TestBrowser;
let session: WrittenSession;
let page: Page;

beforeAll(async () => {
  browser = await TestBrowser.open();
  session = writeSession(browser.folder, everything());
  page = await browser.visit(session.url("index.html"));
}, 60_000);

afterAll(() => browser.close());

afterEach(() => expect(browser.problems.splice(0)).toEqual([]));

/** The status of a finished search, and its results. */
async function search(query: string): Promise<{ status: string | null; rows: string[]; marks: string[] }> {
  await page.fill("#query", query);
  const status = page.locator(".search [role=status]", { hasText: /results?$/ });
  await status.waitFor();
  return {
    status: await status.textContent(),
    rows: await page.locator(".results a").evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? "")),
    marks: await page.locator(".results mark").allInnerTexts(),
  };
}

test.each([
  ["a prompt", "EMPTY cart nan", "page-001.html#p1-1"],
  ["a reply", "never tested", "page-001.html#p1-15"],
  ["a command", "grep -rn", "page-001.html#p1-3"],
  ["an output", "walrus", "page-001.html#p1-7"],
  ["a path", "docs/pricing", "page-001.html#p1-5"],
  ["a tool", "create_issue", "page-001.html#p1-10"],
  ["text on a later page", "question 42", "page-003.html#p42-1"],
])("%s is found", async (_, query, href) => {
  const { status, rows, marks } = await search(query);
  expect(rows).toContain(href);
  expect(status).toStartWith(`${rows.length} result`);
  expect(marks.map((mark) => mark.toLowerCase())).toContain(query.split(" ")[0]?.toLowerCase() ?? "");
});

test.each([
  ["a secret", SECRET],
  ["part of a secret", SECRET.slice(0, 12)],
  ["a thought", "the thought is in a closed box"],
  ["text that the page omits", "hidden filler"],
  ["markup", "<strong>"],
])("%s is not found", async (_, query) => {
  expect(await search(query)).toEqual({ status: "no results", rows: [], marks: [] });
});

test("a result in a closed box is shown", async () => {
  await search("done in walrus mode");
  await page.click(".results a");
  await page.waitForURL(session.url("page-001.html#p1-7"));
  await page.getByText("done in walrus mode").waitFor();
  await page.goto(session.url("index.html"));
});

test("every word of the query must match", async () => {
  expect((await search("walrus BUILD")).rows).toEqual(["page-001.html#p1-7"]);
  expect((await search("walrus cart")).rows).toEqual([]);
});

test("a query is not a regular expression", async () => {
  expect((await search("src/cart.js:3:")).rows).toEqual(["page-001.html#p1-3"]);
  expect((await search("src.cart")).rows).toEqual([]);
  expect((await search(".* (")).rows).toEqual([]);
});

test("results of a previous query are not shown", async () => {
  await page.fill("#query", "answer");
  await page.locator(".results a").first().waitFor();
  expect((await search("walrus")).rows).toEqual(["page-001.html#p1-7"]);
});

test("more results are shown on request", async () => {
  const { status, rows } = await search("question");
  expect([status, rows.length]).toEqual(["40 results", 40]);
  const first = await search("e");
  expect([first.status, first.rows.length]).toEqual(["first 50 results", 50]);
  await page.getByRole("button", { name: "show more" }).click();
  await page.locator(".search [role=status]", { hasText: /^\d+ results$/ }).waitFor();
  expect(await page.locator(".results a").count()).toBeGreaterThan(80);
});

test("the search works with the keyboard alone", async () => {
  await page.goto(session.url("index.html"));
  await page.keyboard.press("/");
  await page.keyboard.type("walrus");
  await page.keyboard.press("Escape");
  expect(await page.inputValue("#query")).toBe("");
  expect(await page.locator("#query:focus").count()).toBe(0);
  await page.keyboard.press("/");
  await page.keyboard.type("walrus");
  await page.keyboard.press("Enter");
  await page.waitForURL(session.url("page-001.html#p1-7"));
  await page.keyboard.press("/");
  await page.waitForURL(session.url("index.html#query"));
  await page.locator("#query:focus").waitFor();
});

test("the search reports a missing `search` folder", async () => {
  const alone = join(browser.folder, "alone");
  const { url } = writeSession(alone, everything());
  rmSync(join(alone, "search"), { recursive: true });
  await page.goto(url("index.html"));
  await page.fill("#query", "walrus");
  await page.locator(".search [role=status]", { hasText: "cannot search" }).waitFor();
  expect(browser.problems.splice(0).filter((problem) => !problem.includes("search/001.js"))).toEqual([
    "Failed to load resource: net::ERR_FILE_NOT_FOUND",
  ]);
});

test("without JavaScript the search box is hidden", async () => {
  const context = await browser.context.browser()?.newContext({ javaScriptEnabled: false });
  const plain = await context?.newPage();
  await plain?.goto(session.url("index.html"));
  expect(await plain?.locator(".search").isVisible()).toBe(false);
  expect(await plain?.locator("main").isVisible()).toBe(true);
  await context?.close();
});
