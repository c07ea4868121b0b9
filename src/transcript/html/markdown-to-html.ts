// Markdown as a model writes it. It cannot emit markup of its own, run anything or load anything.
import MarkdownIt from "markdown-it";
import { type Html, html, trusted, visibleText } from "./template.ts";

/** Far more than a reply holds. Beyond it the text is shown as it is: parsing must not take for ever. */
const LONGEST = 500_000;

/** The headings of a page that a text stands under: `h2`. */
const LEVEL_ABOVE = 2;

const LINKS = /^(?:https?:|mailto:|#)/i;

const markdown = createMarkdown();

/** Renders Markdown; null when the text is too long for it. */
export function renderMarkdown(text: string): Html | null {
  return text.length > LONGEST ? null : trusted(markdown.render(visibleText(text)));
}

function createMarkdown() {
  // Raw HTML is escaped. A bare address becomes a link: that is what people write.
  const instance = new MarkdownIt({ html: false, linkify: true, typographer: false });
  instance.validateLink = (url) => LINKS.test(url.trim());
  const { rules } = instance.renderer;
  rules.link_open = (tokens, index, options, _env, self) => {
    tokens[index]?.attrSet("rel", "noopener noreferrer");
    return self.renderToken(tokens, index, options);
  };
  // An image would be loaded from somewhere: its text becomes a link instead.
  rules.image = (tokens, index, options, env, self) => {
    const token = tokens[index];
    const url = String(token?.attrGet("src") ?? "");
    const text = self.renderInlineAsText(token?.children ?? [], options, env) || url;
    return html`<a href="${url}" rel="noopener noreferrer">${text}</a>`.source;
  };
  // Its headings stand below those of the page, and leave out no level: that is how they are read aloud.
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
