// Folders of the user, paths resolved through symbolic links, and paths as they are shown and stored.
import { lstatSync, readlinkSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { ExpectedError, hasCode, ifReadable } from "./errors.ts";

export type Environment = Record<string, string | undefined>;

const APP = "ai-code-sessions";
const APPLICATION_SUPPORT = join("Library", "Application Support");
const MAX_LINKS = 40;

/** The user's home folder: `HOME` if it is set. */
export function homeDirectory(env: Environment): string {
  return env.HOME || homedir();
}

/** The folder that contains the configuration of the user's programs. */
export function configDirectory(env: Environment, home: string, platform: NodeJS.Platform = process.platform): string {
  if (platform === "win32") return xdgDirectory(env, "CONFIG") ?? (env.APPDATA || join(home, "AppData", "Roaming"));
  return xdgDirectory(env, "CONFIG") ?? join(home, platform === "darwin" ? APPLICATION_SUPPORT : ".config");
}

/** The folder for what `ctx` must remember between runs on this machine. */
export function stateDirectory(env: Environment, home: string, platform: NodeJS.Platform = process.platform): string {
  const xdg = xdgDirectory(env, "STATE");
  if (xdg !== null) return join(xdg, APP);
  if (platform === "darwin") return join(home, APPLICATION_SUPPORT, APP, "state");
  if (platform === "win32") return join(localAppData(env, home), APP, "state");
  return join(home, ".local", "state", APP);
}

/**
 * The folder for files of `ctx` that may be deleted at any time. It is private to the user, unlike the shared temporary
 * folder.
 */
export function cacheDirectory(env: Environment, home: string, platform: NodeJS.Platform = process.platform): string {
  const xdg = xdgDirectory(env, "CACHE");
  if (xdg !== null) return join(xdg, APP);
  if (platform === "darwin") return join(home, "Library", "Caches", APP);
  if (platform === "win32") return join(localAppData(env, home), APP, "cache");
  return join(home, ".cache", APP);
}

/** The XDG specification says to ignore relative paths. */
function xdgDirectory(env: Environment, kind: "CACHE" | "CONFIG" | "STATE"): string | null {
  const xdg = env[`XDG_${kind}_HOME`];
  return xdg !== undefined && isAbsolute(xdg) ? xdg : null;
}

function localAppData(env: Environment, home: string): string {
  return env.LOCALAPPDATA || join(home, "AppData", "Local");
}

/**
 * Whether a path is a folder or lies in it, with all symbolic links resolved. It need not exist. A path that cannot be
 * resolved, such as a loop of links, leads nowhere.
 */
export function insideRoot(root: string, path: string): boolean {
  const [folder, real] = [realPath(root), ifReadable(() => realPath(path))];
  return real !== null && below(folder, real) !== null;
}

/** Throws when a path leads out of the project or into git's own folder; `what` names it in the message. */
export function refuseOutside(root: string, path: string, what: string): void {
  if (insideRoot(root, path)) {
    const real = realPath(path);
    if (!relative(realPath(root), real).split(sep).some(isGitFolder)) return;
    throw new ExpectedError(`${what} leads into \`.git\`: \`${path}\` resolves to \`${real}\``, {
      hint: "remove the symbolic link, or replace it with a folder",
    });
  }
  throw new ExpectedError(`${what} leads out of the project: \`${path}\` resolves to \`${realPath(path)}\``, {
    hint: "remove the symbolic link, or replace it with a folder",
  });
}

/** Also in another case: some file systems treat both names as the same folder. */
function isGitFolder(name: string): boolean {
  return name.toLowerCase() === ".git";
}

/** The path with all symbolic links resolved, dangling ones too. It need not exist. */
export function realPath(path: string): string {
  return follow(resolve(path), MAX_LINKS);
}

function follow(path: string, links: number): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
  }
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) {
    if (links === 0) throw new ExpectedError(`too many symbolic links at \`${path}\``, { hint: "remove the loop" });
    return follow(resolve(dirname(path), readlinkSync(path)), links - 1);
  }
  return dirname(path) === path ? path : join(follow(dirname(path), links), basename(path));
}

/** A path with the home folder shortened to `~`. */
export function tildePath(path: string, home: string): string {
  const rest = below(home, path);
  return rest === null ? path : rest === "" ? "~" : `~${sep}${rest}`;
}

/** A path as it is stored for other machines: with `/`, relative to the project, or to `~` outside of it. */
export function portablePath(path: string, root: string, home: string): string {
  const inside = below(root, path);
  const stored = inside === null ? tildePath(path, home) : inside === "" ? "." : inside;
  return sep === "/" ? stored : stored.replaceAll(sep, "/");
}

/** A path relative to a folder that contains it; null when it is outside. */
function below(folder: string, path: string): string | null {
  if (!isAbsolute(folder) || !isAbsolute(path)) return null;
  const rest = relative(folder, path);
  return rest === ".." || rest.startsWith(`..${sep}`) || isAbsolute(rest) ? null : rest;
}
