// A page shown in the person's browser, by whatever the system opens pages with. No shell reads the address, and the
// browser outlives us.
import type { ChildProcess } from "node:child_process";
import { spawnDetached } from "./detached.ts";
import { hasCode } from "./errors.ts";
import type { Environment } from "./paths.ts";

/** An opener that has not failed by then has found its browser, and may be that itself. */
const PATIENCE_MS = 2_000;

/** Shows a page. False when there is nothing to show it with, or nowhere. */
export async function openInBrowser(
  url: string,
  env: Environment,
  platform: NodeJS.Platform = process.platform,
): Promise<boolean> {
  for (const [file, ...args] of openersOf(url, env, platform)) {
    if (file !== undefined && (await succeeds(file, args, env))) return true;
  }
  return false;
}

/** The commands that show a page, in the order they are tried. */
export function openersOf(url: string, env: Environment, platform: NodeJS.Platform): string[][] {
  const chosen = chosenBrowsers(url, env);
  // `start` is a word of the shell there; this is what it does for an address.
  if (platform === "win32") return [["rundll32", "url.dll,FileProtocolHandler", url]];
  if (platform === "darwin") return [...chosen, ["open", url]];
  const hasDisplay = Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
  return hasDisplay ? [...chosen, ["xdg-open", url]] : chosen;
}

/** `BROWSER` as `xdg-open` reads it: commands between colons, split at spaces; `%s` or the end is the address. */
function chosenBrowsers(url: string, env: Environment): string[][] {
  return (env.BROWSER ?? "").split(":").flatMap((command) => {
    const words = command.split(/\s+/).filter((word) => word !== "");
    if (words.length === 0) return [];
    return [command.includes("%s") ? words.map((word) => word.replaceAll("%s", () => url)) : [...words, url]];
  });
}

async function succeeds(file: string, args: readonly string[], env: Environment): Promise<boolean> {
  try {
    return await staysOrSucceeds(await spawnDetached(file, args, { env }));
  } catch (error) {
    if (hasCode(error, "ENOENT", "EACCES", "ENOTDIR", "ELOOP")) return false;
    throw error;
  }
}

function staysOrSucceeds(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), PATIENCE_MS);
    child.once("exit", (code) => {
      clearTimeout(timer);
      resolve(code === 0);
    });
  });
}
