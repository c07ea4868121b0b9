import { expect, test } from "bun:test";
import { html } from "../../src/transcript/html/template.ts";
import { type PageOptions, renderPage } from "../../src/transcript/page-layout.ts";

function keysOf(options: Omit<PageOptions, "title">): string | null {
  const page = renderPage({ title: "shop", body: html``, ...options });
  return /<footer class="keys" hidden>keys: (.*?)<\/footer>/.exec(page)?.[1]?.replaceAll(/<\/?kbd>/g, "") ?? null;
}

test("a page lists the keys that do something on it", () => {
  const up = { href: "index.html", text: "overview", rel: "up" } as const;
  const search = { href: "index.html#query", text: "search", rel: "search" } as const;
  const next = { href: "page-001.html", text: "first page", rel: "next" } as const;
  expect(keysOf({ links: [up, search], hasPrompts: true })).toBe(
    "j next prompt, k previous prompt, u overview, / search",
  );
  expect(keysOf({ links: [next], loader: "//" })).toBe("j first page, / search");
  expect(keysOf({ links: [{ href: "https://example.org", text: "elsewhere" }] })).toBeNull();
});
