// Opens a page in the user's browser with the opener of the platform. No shell sees the URL, and the browser keeps
// running after `ctx` ends.
import type { ChildProcess } from "node:child_process";
import { spawnDetached } from "./detached.ts";
import { hasCode } from "./errors.ts";
import type { Environment } from "./paths.ts";

/** An opener that still runs after this time counts as successful: it may be the browser itself. */
const SUCCESS_AFTER_MS = 2_000;

/** Opens a page. False when there is no browser, or no display to show it on. */
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

/** The commands that may open the page, in the order they are tried. */
export function openersOf(url: string, env: Environment, platform: NodeJS.Platform): string[][] {
  const configured = configuredBrowsers(url, env);
  // The built-in command `start` of the Windows shell runs this program to open a URL.
  if (platform === "win32") return [["rundll32", "url.dll,FileProtocolHandler", url]];
  if (platform === "darwin") return [...configured, ["open", url]];
  const hasDisplay = Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
  return hasDisplay ? [...configured, ["xdg-open", url]] : configured;
}

/**
 * The commands in `BROWSER`, as `xdg-open` defines them: commands are separated by colons, their words by spaces. The
 * URL replaces `%s` or is added at the end.
 */
function configuredBrowsers(url: string, env: Environment): string[][] {
  return (env.BROWSER ?? "").split(":").flatMap((command) => {
    const words = command.split(/\s+/).filter((word) => word !== "");
    if (words.length === 0) return [];
    return [command.includes("%s") ? words.map((word) => word.replaceAll("%s", () => url)) : [...words, url]];
  });
}

async function succeeds(file: string, args: readonly string[], env: Environment): Promise<boolean> {
  try {
    return await runsOrSucceeds(await spawnDetached(file, args, { env }));
  } catch (error) {
    if (hasCode(error, "ENOENT", "EACCES", "ENOTDIR", "ELOOP")) return false;
    throw error;
  }
}

function runsOrSucceeds(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), SUCCESS_AFTER_MS);
    child.once("exit", (code) => {
      clearTimeout(timer);
      resolve(code === 0);
    });
  });
}
