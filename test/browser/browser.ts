// A real Chromium without a window, which opens pages from disk and remembers what none of them may do.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

const FLAGS = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

/** Where the distribution's Chromium is; throws with the command to run when it is not there. */
function chromiumPath(): string {
  const path = Bun.which("chromium");
  if (path === null) throw new Error("chromium is not installed: run `scripts/clients`");
  return path;
}

export class TestBrowser {
  readonly folder = mkdtempSync(join(tmpdir(), "ctx-browser-"));
  /** Requests that would leave the machine, errors, and what a policy forbade. */
  readonly complaints: string[] = [];
  readonly #browser: Browser;
  readonly context: BrowserContext;

  private constructor(browser: Browser, context: BrowserContext) {
    this.#browser = browser;
    this.context = context;
    context.on("request", (request) => {
      if (!/^(?:file|data):/.test(request.url())) this.complaints.push(`requests ${request.url()}`);
    });
    context.on("requestfailed", (request) => {
      // What a page had not loaded yet when it was left is no failure.
      const reason = request.failure()?.errorText ?? "";
      if (reason !== "net::ERR_ABORTED") this.complaints.push(`cannot load ${request.url()}: ${reason}`);
    });
    context.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") this.complaints.push(message.text());
    });
    context.on("weberror", (error) => this.complaints.push(String(error.error())));
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
