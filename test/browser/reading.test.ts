import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { TestBrowser } from "./browser.ts";
import { everything, type WrittenSession, writeSession } from "./sessions.ts";

let browser: TestBrowser;
let session: WrittenSession;
let page: Page;

beforeAll(async () => {
  browser = await TestBrowser.open();
  session = writeSession(browser.folder, everything());
  page = await browser.visit(session.url("page-001.html"));
}, 60_000);

afterAll(() => browser.close());

afterEach(() => expect(browser.problems.splice(0)).toEqual([]));

const waitUntilVisible = (selector: string) =>
  page.waitForFunction(`(() => {
    const { top } = document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect();
    return top >= 0 && top < innerHeight;
  })()`);

test("a link to a block opens its boxes and scrolls to it", async () => {
  await page.goto(session.url("page-001.html#p1-7"));
  await page.getByText("done in walrus mode").waitFor();
  await waitUntilVisible("#p1-7");
  await page.goto(session.url("page-001.html"));
  await page.evaluate("location.hash = '#p1-2'");
  await page.getByText("The thought is in a closed box.").waitFor();
  await waitUntilVisible("#p1-2");
  await page.goto(session.url("page-001.html#%E0%A4%A"));
});

test("a box opens and closes by mouse and keyboard", async () => {
  await page.goto(session.url("page-001.html"));
  const thought = page.getByText("The thought is in a closed box.");
  const summary = page.locator(".thinking summary");
  expect(await thought.isVisible()).toBe(false);
  await summary.click();
  expect(await thought.isVisible()).toBe(true);
  await summary.press("Enter");
  expect(await thought.isVisible()).toBe(false);
});

test("the number sign of a block copies the link to it", async () => {
  await browser.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(session.url("page-001.html"));
  await page.click("#p1-3 .anchor");
  await page.locator("#p1-3 .anchor[data-copied]").waitFor();
  expect(await page.evaluate<string>("navigator.clipboard.readText()")).toBe(session.url("page-001.html#p1-3"));
  expect(page.url()).toBe(session.url("page-001.html#p1-3"));
});

test("keys go from prompt to prompt, across pages, and to the overview", async () => {
  await page.goto(session.url("page-001.html"));
  const visited: string[] = [];
  while (page.url() === session.url("page-001.html") && visited.length < 30) {
    await page.keyboard.press("j");
    const next = page.locator("h2:focus").or(page.locator("h1", { hasText: "page 2" }));
    visited.push((await next.first().textContent()) ?? "");
  }
  expect(visited.slice(0, -1)).toEqual(Array.from({ length: 20 }, (_, index) => `prompt ${index + 1}`));
  await page.waitForURL(session.url("page-002.html"));
  await page.keyboard.press("j");
  await page.locator("h2:focus", { hasText: "prompt 21" }).waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await page.locator("h2:focus", { hasText: "prompt 21" }).waitFor();
  await page.keyboard.press("k");
  await page.waitForURL(session.url("page-001.html"));
  await page.keyboard.press("u");
  await page.waitForURL(session.url("index.html"));
});

// Otherwise Firefox may start a search in the page, which then receives the next keys.
test("a shortcut key has no default action, and other keys keep theirs", async () => {
  await page.goto(session.url("page-001.html"));
  const handled = await page.evaluate<string[]>(`(() => {
    document.addEventListener("click", (event) => event.preventDefault());
    return ["j", "k", "u", "/", "x"].filter((key) => {
      return !document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    });
  })()`);
  expect(handled).toEqual(["j", "k", "u", "/"]);
});

test("a long table cell does not break words in other cells", async () => {
  await page.goto(session.url("page-001.html"));
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 800 });
    const broken = await page.evaluate<
      string[]
    >(`[...document.querySelectorAll(".prose :is(th, td)")].flatMap((cell) => {
      const text = cell.firstChild;
      return [...text.data.matchAll(/\\S+/g)].filter(({ 0: word, index }) => {
        const range = document.createRange();
        range.setStart(text, index);
        range.setEnd(text, index + word.length);
        return range.getClientRects().length > 1;
      }).map(([word]) => word);
    })`);
    expect(broken).toEqual([]);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
});

test("printing opens all boxes and hides controls, and restores them afterwards", async () => {
  await page.goto(session.url("page-001.html"));
  const closed = "document.querySelectorAll('details:not([open])').length";
  const before = await page.evaluate<number>(closed);
  expect(before).toBeGreaterThan(0);
  await page.evaluate(`addEventListener("beforeprint", () => { globalThis.closedInPrint = ${closed}; })`);
  await page.pdf();
  expect(await page.evaluate<number>("globalThis.closedInPrint")).toBe(0);
  expect(await page.evaluate<number>(closed)).toBe(before);
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  const background = await page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
  expect(background).toBe("rgb(253, 253, 252)");
  for (const control of ["nav >> nth=0", "#p1-3 .anchor"]) expect(await page.locator(control).isVisible()).toBe(false);
  expect(await page.locator("#p1-1").isVisible()).toBe(true);
  await page.goto(session.url("index.html"));
  expect(await page.locator(".search").isVisible()).toBe(false);
  await page.emulateMedia({ media: null, colorScheme: null });
});
