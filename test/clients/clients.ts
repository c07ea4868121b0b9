// The real clients that `scripts/clients` installed.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const CACHE = fileURLToPath(new URL("../../.cache/clients/", import.meta.url));
const PINNED = fileURLToPath(new URL("../../scripts/clients.txt", import.meta.url));

/** The pinned versions of Codex, in the order of `scripts/clients.txt`. */
export const CODEX_VERSIONS: readonly string[] = pinnedVersions("codex");
export const NEWEST_CODEX = newestOf(CODEX_VERSIONS);
export const NEWEST_CLAUDE = newestOf(pinnedVersions("claude"));

function pinnedVersions(client: string): string[] {
  const rows = readFileSync(PINNED, "utf8").trim().split("\n");
  return rows.flatMap((row) => {
    const [name, version] = row.split(" ");
    return name === client && version !== undefined ? [version] : [];
  });
}

function newestOf(versions: readonly string[]): string {
  return versions.toSorted(Bun.semver.order).at(-1) ?? "";
}

/** The path of a version of Codex; throws an error with the command to run if it is not installed. */
export function codexPath(version: string): string {
  return clientPath("codex", version);
}

/** The path of a version of Claude Code; throws an error with the command to run if it is not installed. */
export function claudePath(version: string): string {
  return clientPath("claude", version);
}

function clientPath(name: string, version: string): string {
  const path = `${CACHE}${name}-${version}/node_modules/.bin/${name}`;
  if (!existsSync(path)) throw new Error(`${name} ${version} is not installed: run \`scripts/clients\``);
  return path;
}
