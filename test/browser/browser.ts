// A headless Chromium that opens pages from disk and records everything a page must not do.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The path of the system's Chromium. */
function chromiumPath(): string {
  const path = Bun.which("chromium");
  if (path === null) throw new Error("chromium is not installed: run `scripts/clients`");
  return path;
}

export class TestBrowser {
  readonly folder = mkdtempSync(join(tmpdir(), "ctx-browser-"));
  /** Requests to other machines, failed requests, errors and violations of the content security policy. */
  readonly problems: string[] = [];
  readonly #browser: Browser;
  readonly context: BrowserContext;

  private constructor(browser: Browser, context: BrowserContext) {
    this.#browser = browser;
    this.context = context;
    context.on("request", (request) => {
      if (!/^(?:file|data):/.test(request.url())) this.problems.push(`requested ${request.url()}`);
    });
    context.on("requestfailed", (request) => {
      // Leaving a page aborts its pending requests.
      const reason = request.failure()?.errorText ?? "";
      if (reason !== "net::ERR_ABORTED") this.problems.push(`cannot load ${request.url()}: ${reason}`);
    });
    context.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") this.problems.push(message.text());
    });
    context.on("weberror", (error) => this.problems.push(String(error.error())));
  }

  static async open(): Promise<TestBrowser> {
    const browser = await chromium.launch({ executablePath: chromiumPath(), args: FLAGS });
    return new TestBrowser(browser, await browser.newContext({ viewport: { width: 1280, height: 800 } }));
  }

  async visit(url: string): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto(url);
    return page;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
