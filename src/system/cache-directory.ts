import { isAbsolute, join } from "node:path";
import type { Environment } from "./paths.ts";

/** The folder for what may be lost: the user's own cache, never the shared temporary folder. */
export function cacheDirectory(env: Environment, home: string, platform: NodeJS.Platform = process.platform): string {
  const xdg = env.XDG_CACHE_HOME;
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, "ai-code-sessions");
  if (platform === "darwin") return join(home, "Library", "Caches", "ai-code-sessions");
  if (platform === "win32")
    return join(env.LOCALAPPDATA || join(home, "AppData", "Local"), "ai-code-sessions", "cache");
  return join(home, ".cache", "ai-code-sessions");
}
