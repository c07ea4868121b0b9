// What the search finds of a block: text that its page shows, and never more. It is taken from what is shown, finished
// markup or text that becomes it, so what the page leaves out, cuts or makes visible is so here too.
import { Html, plainText, visibleText } from "../html/template.ts";

/** Collects what is to be found of one block. */
export class SearchText {
  readonly #parts: string[] = [];

  /** Takes the text of what is shown, and passes that on. */
  add<Shown extends Html | string>(shown: Shown): Shown {
    const text = (shown instanceof Html ? plainText(shown) : visibleText(shown))
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
