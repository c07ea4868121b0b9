// A page for the person: in a browser where there is one, else by its address.
import { pathToFileURL } from "node:url";
import { openInBrowser } from "../system/browser.ts";
import type { Io } from "./command.ts";

export interface Shown {
  indexHtml: string;
  url: string;
  /** Whether a browser shows it. */
  opened: boolean;
}

/** Shows a page. Its path is data, and so is its address where no browser could be started. */
export async function showPage(
  indexHtml: string,
  asJson: boolean,
  { env, output, messages }: Pick<Io, "env" | "output" | "messages">,
  more: object = {},
): Promise<void> {
  const url = pathToFileURL(indexHtml).href;
  const opened = await openInBrowser(url, env);
  const shown: Shown = { indexHtml, url, opened };
  if (!opened) messages.warn("no browser could be started: open the address yourself");
  if (asJson) await output.json({ ...shown, ...more });
  else for (const line of opened ? [indexHtml] : [indexHtml, url]) await output.line(line);
}
