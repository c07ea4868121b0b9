import { pathToFileURL } from "node:url";
import { openInBrowser } from "../system/browser.ts";
import type { Io } from "./command.ts";

/** Opens a page in the browser and prints its path; its URL too, when no browser could be started. */
export async function showPage(
  indexHtml: string,
  asJson: boolean,
  { env, output, messages }: Pick<Io, "env" | "output" | "messages">,
  result: object = {},
): Promise<void> {
  const url = pathToFileURL(indexHtml).href;
  const opened = await openInBrowser(url, env);
  if (!opened) messages.warn("cannot start a browser: open the URL yourself");
  if (asJson) await output.json({ indexHtml, url, opened, ...result });
  else for (const line of opened ? [indexHtml] : [indexHtml, url]) await output.line(line);
}
