// The frame of every page: what it may load (nothing but its own style and script), and where it leads to.
import { createHash } from "../system/crypto.ts";
import style from "./assets/page.css" with { type: "text" };
import script from "./assets/page.js" with { type: "text" };
import { type Html, html, trusted } from "./html/template.ts";

export interface PageOptions {
  title: string;
  /** Links to other pages, in the order they are shown. */
  links: readonly PageLink[];
  /** One more script for this page, which may load others that lie beside it. */
  loader?: string;
  /** There are prompts on it to go to. */
  hasPrompts?: boolean;
}

export interface PageLink {
  href: string;
  text: string;
  /** `prev`, `next`, `up`, `search`: also for the keyboard. */
  rel?: "prev" | "next" | "up" | "search";
}

/** Names the maker of a page, as HTML has it: by it a page of ours is told from others. */
export const GENERATOR = '<meta name="generator" content="ctx">';

/** Tells one design of the pages from another. */
export const DESIGN = hashOf(style) + hashOf(script);

/**
 * Only this very style and these very scripts run, and only images beside the page are shown. Scripts beside the page
 * run where one of them loads them: of a file, a policy can tell where it lies, but not what it holds.
 */
function policyOf(scripts: readonly string[], loads: boolean): string {
  return [
    "default-src 'none'",
    `style-src '${hashOf(style)}'`,
    `script-src ${scripts.map((script) => `'${hashOf(script)}'`).join(" ")}${loads ? " 'self' file:" : ""}`,
    "img-src 'self' file:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** A whole page. */
export function renderPage({ body, ...shell }: PageOptions & { body: Html }): string {
  const { before, after } = renderFrame(shell);
  return before + body.source + after;
}

/** What stands before and after the body of a page. */
export function renderFrame(shell: PageOptions): { before: string; after: string } {
  const { title, links, loader } = shell;
  const scripts = loader === undefined ? [script] : [script, loader];
  const navigation = links.map(({ href, text, rel }) => {
    return html`<a href="${href}"${rel && html` rel="${rel}"`}>${text}</a>`;
  });
  const before = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${trusted(GENERATOR)}
<meta http-equiv="Content-Security-Policy" content="${trusted(policyOf(scripts, loader !== undefined))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${trusted(style)}</style>
</head>
<body>
<a class="skip" href="#content">to the content</a>
<nav aria-label="pages">${navigation}</nav>
<main id="content">
`;
  const after = html`</main>
<nav aria-label="pages, again">${navigation}</nav>
${renderKeys(shell)}${scripts.map(
  (source) => html`<script>${trusted(source)}</script>
`,
)}</body>
</html>
`;
  return { before: before.source, after: after.source };
}

/** The keys that lead somewhere from here, and where to. */
function renderKeys({ links, loader, hasPrompts = false }: PageOptions): Html | "" {
  const linked = (rel: PageLink["rel"]) => links.find((link) => link.rel === rel)?.text;
  const leads: [key: string, to: string | undefined][] = [
    ["j", hasPrompts ? "next prompt" : linked("next")],
    ["k", hasPrompts ? "prompt before" : linked("prev")],
    ["u", linked("up")],
    ["/", loader === undefined ? linked("search") : "search"],
  ];
  const keys = leads.filter(([, to]) => to !== undefined);
  if (keys.length === 0) return "";
  const row = keys.map(([key, to], index) => html`${index > 0 && ", "}<kbd>${key}</kbd> ${to ?? ""}`);
  return html`<footer class="keys" hidden>keys: ${row}</footer>
`;
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
