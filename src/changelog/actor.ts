// The actor of an entry, as a folder name that is valid on every system.

import { sha256 } from "../system/crypto.ts";
import { gitText } from "../system/git.ts";
import type { Environment } from "../system/paths.ts";
import { run } from "../system/spawn.ts";

export interface ActorQuery {
  /** The project's root, for its git configuration. */
  root: string;
  env: Environment;
  flag?: string | undefined;
  /** From the configuration files. */
  config?: string | null | undefined;
}

const MAX_LENGTH = 64;

/** Letters that NFKD does not decompose. */
const LETTERS: Record<string, string> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  đ: "d",
  ð: "d",
  þ: "th",
  ł: "l",
  ı: "i",
};

/** Windows reserves these names, with any extension. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/;

/**
 * The actor, as a folder name: the first that is set of the flag, the environment, the configuration, git and the
 * account.
 */
export async function resolveActor({ root, env, flag, config }: ActorQuery): Promise<string> {
  const given = [flag, env.CTX_ACTOR, env.CHANGELOG_ACTOR, config].find((name) => name?.trim());
  if (given) return actorSlug(given);
  for (const key of ["github.user", "user.name"]) {
    const name = await gitText(root, ["config", "--get", key]);
    if (name?.trim()) return actorSlug(name);
  }
  return actorSlug(await accountName(env));
}

/**
 * A name as a folder name: `[a-z0-9._-]`, at most 64 characters, never empty. Lower case, because some file systems do
 * not distinguish `Ada` from `ada`. Of an e-mail address only the part before the `@`, because addresses are never
 * stored.
 */
export function actorSlug(name: string): string {
  const local = name.trim().replace(/@\S*$/, "");
  const letters = local
    .toLowerCase()
    .normalize("NFKD")
    .replaceAll(/[ßæœøđðþłı]/g, (letter) => LETTERS[letter] ?? "");
  const slug = letters
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replaceAll(/-{2,}/g, "-")
    .slice(0, MAX_LENGTH)
    .replaceAll(/^[.-]+|[.-]+$/g, "");
  if (slug === "") return `actor-${sha256(name.trim().normalize("NFC")).slice(0, 8)}`;
  return RESERVED.test(slug) ? `actor-${slug}`.slice(0, MAX_LENGTH) : slug;
}

/** Bun's `os.userInfo` only reads `USER`, which cron and containers do not set; `id` asks the system. */
async function accountName(env: Environment): Promise<string> {
  const name = env.USER || env.LOGNAME || env.USERNAME;
  if (name) return name;
  const { code, stdout } = await run(["id", "-un"]);
  return (code === 0 && stdout.trim()) || "unknown";
}
