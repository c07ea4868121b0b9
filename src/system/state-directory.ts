import { isAbsolute, join } from "node:path";
import type { Environment } from "./paths.ts";

/** The folder for what a program must remember between runs, on this machine alone. */
export function stateDirectory(env: Environment, home: string, platform: NodeJS.Platform = process.platform): string {
  const xdg = env.XDG_STATE_HOME;
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, "ai-code-sessions");
  if (platform === "darwin") return join(home, "Library", "Application Support", "ai-code-sessions", "state");
  if (platform === "win32")
    return join(env.LOCALAPPDATA || join(home, "AppData", "Local"), "ai-code-sessions", "state");
  return join(home, ".local", "state", "ai-code-sessions");
}
