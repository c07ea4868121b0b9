// Where things are, and how a path is shown or stored.
import { lstatSync, readlinkSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { ExpectedError, hasCode } from "./errors.ts";

export type Environment = Record<string, string | undefined>;

const MAX_LINKS = 40;

/** The user's home folder: `HOME` where it is set, as every other tool has it. */
export function homeDirectory(env: Environment): string {
  return env.HOME || homedir();
}

/** The folder of the user's own configuration files. */
export function configDirectory(env: Environment, home: string, platform: NodeJS.Platform = process.platform): string {
  const xdg = env.XDG_CONFIG_HOME;
  // The XDG specification has relative paths ignored.
  if (xdg !== undefined && isAbsolute(xdg)) return xdg;
  if (platform === "darwin") return join(home, "Library", "Application Support");
  if (platform === "win32") return env.APPDATA || join(home, "AppData", "Roaming");
  return join(home, ".config");
}

/** Whether a path, with every link on the way followed, lies in a folder or is that folder. It need not exist. */
export function insideRoot(root: string, path: string): boolean {
  return below(realPath(root), realPath(path)) !== null;
}

/** Refuses a path that leads out of the project; `what` names it in the message. */
export function refuseOutside(root: string, path: string, what: string): void {
  if (insideRoot(root, path)) return;
  throw new ExpectedError(`${what} leads out of the project: \`${path}\` is \`${realPath(path)}\``, {
    hint: "remove the symbolic link, or replace it by a folder",
  });
}

/** The real path of something that may not exist yet: links are followed as far as there are any, dangling ones too. */
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

/** A path for people: the home folder as `~`. */
export function tildePath(path: string, home: string): string {
  const rest = below(home, path);
  return rest === null ? path : rest === "" ? "~" : `~${sep}${rest}`;
}

/** A path as an entry stores it: POSIX, relative to the project, with `~/` for the home folder outside of it. */
export function portablePath(path: string, root: string, home: string): string {
  const inside = below(root, path);
  const stored = inside === null ? tildePath(path, home) : inside === "" ? "." : inside;
  return sep === "/" ? stored : stored.replaceAll(sep, "/");
}

/** The way from a folder down to a path; null when it is not below. */
function below(folder: string, path: string): string | null {
  if (!isAbsolute(folder) || !isAbsolute(path)) return null;
  const way = relative(folder, path);
  return way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way) ? null : way;
}
