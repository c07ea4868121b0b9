// The layout of every page: its content security policy, navigation links and list of keyboard shortcuts.
import { createHash } from "../system/crypto.ts";
import style from "./assets/page.css" with { type: "text" };
import script from "./assets/page.js" with { type: "text" };
import { type Html, html, trusted } from "./html/template.ts";

export interface PageOptions {
  title: string;
  /** Links to other pages, in the order they are shown. */
  links: readonly PageLink[];
  /** An additional script, which may load scripts next to the page. */
  loader?: string;
  /** Whether the page has prompts to jump between. */
  hasPrompts?: boolean;
}

export interface PageLink {
  href: string;
  text: string;
  /** Links with a `rel` can also be followed with the keyboard. */
  rel?: "prev" | "next" | "up" | "search";
}

/** The meta element by which pages written by ctx are recognized. */
export const GENERATOR = '<meta name="generator" content="ctx">';

/** Changes when the style sheet or the script of the pages does. */
export const DESIGN = hashOf(style) + hashOf(script);

/**
 * Allows this style sheet, these scripts and images next to the page. A page with a loader may also run scripts next to
 * it: a policy can restrict where a script file is, but not what it contains.
 */
function policyOf(scripts: readonly string[], hasLoader: boolean): string {
  return [
    "default-src 'none'",
    `style-src '${hashOf(style)}'`,
    `script-src ${scripts.map((script) => `'${hashOf(script)}'`).join(" ")}${hasLoader ? " 'self' file:" : ""}`,
    "img-src 'self' file:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

export function renderPage({ body, ...options }: PageOptions & { body: Html }): string {
  const { before, after } = renderFrame(options);
  return before + body.source + after;
}

/** The parts of a page before and after its body. */
export function renderFrame(options: PageOptions): { before: string; after: string } {
  const { title, links, loader } = options;
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
<a class="skip" href="#content">skip to content</a>
<nav aria-label="pages, top">${navigation}</nav>
<main id="content">
`;
  const after = html`</main>
<nav aria-label="pages, bottom">${navigation}</nav>
${renderKeys(options)}${scripts.map(
  (source) => html`<script>${trusted(source)}</script>
`,
)}</body>
</html>
`;
  return { before: before.source, after: after.source };
}

/** The keyboard shortcuts that do something on this page. */
function renderKeys({ links, loader, hasPrompts = false }: PageOptions): Html | "" {
  const linked = (rel: PageLink["rel"]) => links.find((link) => link.rel === rel)?.text;
  const targets: [key: string, target: string | undefined][] = [
    ["j", hasPrompts ? "next prompt" : linked("next")],
    ["k", hasPrompts ? "previous prompt" : linked("prev")],
    ["u", linked("up")],
    ["/", loader === undefined ? linked("search") : "search"],
  ];
  const keys = targets.filter(([, target]) => target !== undefined);
  if (keys.length === 0) return "";
  const row = keys.map(([key, target], index) => html`${index > 0 && ", "}<kbd>${key}</kbd> ${target ?? ""}`);
  return html`<footer class="keys" hidden>keys: ${row}</footer>
`;
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
