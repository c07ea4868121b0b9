// Recognizes pages that ctx generated, so that other files are not overwritten. The marker in a page's first bytes can be
// forged, but only by someone who wants that page to be replaced.
import { statSync } from "node:fs";
import { join } from "node:path";
import { namesIn } from "../system/directory.ts";
import { ExpectedError } from "../system/errors.ts";
import { readStart } from "../system/regular-file.ts";
import { GENERATOR } from "./page-layout.ts";

/** The marker is well within these first bytes. */
const HEAD_BYTES = 4096;
const PAGE = /^(?:index|page-\d{3,})\.html$/;

/** Throws if the directory holds a file that has the name of a page but was not written by ctx. */
export function refuseForeignPages(directory: string): void {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() === false) {
    throw new ExpectedError(`\`${directory}\` is not a directory`, { hint: "choose another one with `-o`" });
  }
  for (const name of namesIn(directory)) {
    if (!PAGE.test(name) || isGeneratedPage(join(directory, name))) continue;
    throw new ExpectedError(`\`${join(directory, name)}\` was not written by ctx, so it is not overwritten`, {
      hint: "move it, or choose another directory with `-o`",
    });
  }
}

function isGeneratedPage(path: string): boolean {
  return readStart(path, HEAD_BYTES)?.includes(GENERATOR) === true;
}
