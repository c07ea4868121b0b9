// Whose page a file is. Every page of ours names its maker in its first bytes, as HTML has it: what does not is
// somebody's work and is never written over. A name can be forged, but only by who wants the page to be replaced.
import { statSync } from "node:fs";
import { join } from "node:path";
import { namesIn } from "../system/directory.ts";
import { ExpectedError } from "../system/errors.ts";
import { readStart } from "../system/regular-file.ts";
import { GENERATOR } from "./page-layout.ts";

/** Far more than stands before the name. */
const HEAD_BYTES = 4096;
const PAGE = /^(?:index|page-\d{3,})\.html$/;

/** Refuses a directory that holds a page by the name of one of ours which we did not make. */
export function refuseForeignPages(directory: string): void {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() === false) {
    throw new ExpectedError(`\`${directory}\` is no directory`, { hint: "name another one with `-o`" });
  }
  for (const name of namesIn(directory)) {
    if (!PAGE.test(name) || isGeneratedPage(join(directory, name))) continue;
    throw new ExpectedError(`\`${join(directory, name)}\` is no page of a transcript: it was not written over`, {
      hint: "move it away, or write to another directory with `-o`",
    });
  }
}

/** Whether a file is a page that we made. */
function isGeneratedPage(path: string): boolean {
  return readStart(path, HEAD_BYTES)?.includes(GENERATOR) === true;
}
