// Renders a model's Markdown as HTML that contains no raw markup of its own, runs nothing and loads nothing.
import MarkdownIt from "markdown-it";
import { type Html, html, trusted, visibleText } from "./template.ts";

/** In characters; longer than any reply. Longer texts are not parsed, to bound the time it takes. */
const LONGEST = 500_000;

/** The text is under an `h2` of the page. */
const LEVEL_ABOVE = 2;

const LINKS = /^(?:https?:|mailto:|#)/i;

const markdown = createMarkdown();

/** Null if the text is too long. */
export function renderMarkdown(text: string): Html | null {
  return text.length > LONGEST ? null : trusted(markdown.render(visibleText(text)));
}

function createMarkdown() {
  // Raw HTML is escaped. Bare URLs become links.
  const instance = new MarkdownIt({ html: false, linkify: true, typographer: false });
  instance.validateLink = (url) => LINKS.test(url.trim());
  const { rules } = instance.renderer;
  rules.link_open = (tokens, index, options, _env, self) => {
    tokens[index]?.attrSet("rel", "noopener noreferrer");
    return self.renderToken(tokens, index, options);
  };
  // An image becomes a link, because it would be loaded from elsewhere.
  rules.image = (tokens, index, options, env, self) => {
    const token = tokens[index];
    const url = String(token?.attrGet("src") ?? "");
    const text = self.renderInlineAsText(token?.children ?? [], options, env) || url;
    return html`<a href="${url}" rel="noopener noreferrer">${text}</a>`.source;
  };
  // Headings are below those of the page and skip no level, as screen readers expect.
  instance.core.ruler.push("headings", ({ tokens }) => {
    const above: number[] = [];
    for (const token of tokens) {
      if (token.type === "heading_open") {
        const level = Number(token.tag.slice(1));
        while ((above.at(-1) ?? 0) >= level) above.pop();
        above.push(level);
      }
      if (token.type.startsWith("heading_")) token.tag = `h${Math.min(6, LEVEL_ABOVE + above.length)}`;
    }
  });
  return instance;
}
