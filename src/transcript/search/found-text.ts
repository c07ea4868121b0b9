// What the search finds of a block: text that its page shows, and never more. It is taken from finished markup, so what
// the page leaves out, cuts or makes visible is so here too.
import { type Html, plainText } from "../html/template.ts";

/** Collects what is to be found of one block. */
export class FoundText {
  readonly #parts: string[] = [];

  /** Takes the text of a piece of markup, and passes the markup on. */
  add(shown: Html): Html {
    const text = plainText(shown)
      .replaceAll(/[^\S ]\s*| \s+/g, " ")
      .trim();
    if (text !== "") this.#parts.push(text);
    return shown;
  }

  /** Nothing of what was added is shown after all. */
  clear(): void {
    this.#parts.length = 0;
  }

  /** All of it on one line. */
  get text(): string {
    return this.#parts.join(" ");
  }
}
