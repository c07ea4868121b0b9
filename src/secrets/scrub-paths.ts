// Removes personal data from text: home folders, user names in paths, e-mail addresses and host names.
import { mapStrings } from "./map-strings.ts";
import { placeholder } from "./placeholder.ts";

export interface ScrubContext {
  /** The project root: paths below it become relative. */
  root?: string | null;
  home?: string | null;
  host?: string | null;
}

const NAME = "[\\p{L}\\p{N}._-]+";
/** A user name. A space is part of it only if it is escaped, or if a path separator follows. */
const USER = `${NAME}(?:\\\\ ${NAME})*`;
const SPACED = `(?:${NAME}(?: ${NAME}){1,2}(?=\\\\)|${USER})`;
const BACKSLASH = "\\\\{1,4}";
const BEGINS = "(?<![\\p{L}\\p{N}._~-])";
/** Home folders of any user on any system: the log may come from another machine. */
const ANY_HOME = new RegExp(
  `${BEGINS}(?:${[
    `(?:/var|/usr|/export)?/home/${USER}`,
    `(?:(?:/mnt|/cygdrive)?/[a-z])?/Users/(?!Shared\\b)${USER}`,
    "/(?:private/var/)?root(?![\\p{L}\\p{N}._-])",
    `(?:/run)?/media/${USER}(?=/)`,
    `[A-Za-z]:${BACKSLASH}(?:Users|Documents and Settings)${BACKSLASH}(?!Public\\b)${SPACED}`,
    `[A-Za-z]:/Users/(?!Public\\b)${USER}`,
    `${BACKSLASH}[\\p{L}\\p{N}.$-]+(?:${BACKSLASH}[\\p{L}\\p{N}. -]+)?${BACKSLASH}(?:home|Users)${BACKSLASH}${SPACED}`,
  ].join("|")})`,
  "gu",
);
/** `~ada/notes`, but not `HEAD~2` or a version range. */
const TILDE_USER = new RegExp(`${BEGINS}~[\\p{L}_][\\p{L}\\p{N}._-]*(?=/)`, "gu");
/** A home folder encoded in the name of one folder: `-home-ada-shop`. */
const ENCODED_HOME = /(?<=[/\\])(?:[A-Za-z]-)?-(?:home|Users)-[A-Za-z0-9]+/g;
// `git@host` is not a person; a domain that starts with a digit is a version: `pkg@1.2.0-beta.next`.
const EMAIL =
  /(?<![\p{L}\p{N}._%+-])(?!git(?:@|%40))[\p{L}\p{N}._%+-]{1,64}(?:@|%40)\p{L}[\p{L}\p{N}-]{0,62}(?:\.[\p{L}\p{N}-]{1,63}){0,6}\.\p{L}{2,24}(?![\p{L}\p{N}-])/gu;
/** User and host in a shell prompt or the source or target of a copy (`ada@laptop:~/shop`). */
const LOGIN =
  /(?<![\w.%+@/-])(?!git@)[a-z_][\w.-]{0,31}@[A-Za-z0-9][\w.-]{0,62}(?=:[~/]|\s?[$#]\s| [~/][^\s\]]{0,100}\][$#])/gi;
/** User and host after a program that logs in. */
const LOGIN_BY =
  /(\b(?:ssh|scp|sftp|rsync|mosh|ssh-copy-id)\s(?:[^\n;|&@]{0,200}\s)?)(?!git@)[a-z_][\w.-]{0,31}@[A-Za-z0-9][\w.-]{0,62}/gi;
/** Host names that are also ordinary words. */
const COMMON_HOSTS = new Set(
  "api app box build builder ci client code container data debian default desktop dev develop docker fedora git home host laptop linux local mac macbook main master mini node pc prod production project runner sandbox server staging test ubuntu user vm web windows work worker workspace".split(
    " ",
  ),
);

/** Makes paths relative to the project or to `~`, and replaces e-mail addresses and host names. */
export function scrubPaths(text: string, context: ScrubContext): string {
  let result = text;
  if (context.root) result = replacePrefix(result, context.root, "", ".");
  if (context.home) result = replacePrefix(result, context.home, "~/", "~");
  result = result
    .replace(ANY_HOME, "~")
    .replace(TILDE_USER, "~")
    .replace(ENCODED_HOME, "~")
    .replace(EMAIL, placeholder("email"))
    .replace(LOGIN, placeholder("host"))
    .replace(LOGIN_BY, `$1${placeholder("host")}`);
  return context.host ? replaceHost(result, context.host) : result;
}

/** Scrubs every string of a JSON value except keys. */
export function scrubPathsDeep<T>(value: T, context: ScrubContext): T {
  return mapStrings(value, (text) => scrubPaths(text, context));
}

/** Replaces a folder: by `below` in front of a path, by `alone` elsewhere. */
function replacePrefix(text: string, folder: string, below: string, alone: string): string {
  const trimmed = folder.replace(/[\\/]+$/, "");
  if (trimmed === "" || !text.includes(trimmed)) return text;
  const pattern = new RegExp(
    `(?:file://|(?<![A-Za-z0-9._~/-]))${RegExp.escape(trimmed)}(?:([\\\\/])(?=[^\\s"'\`:;,)]|$)|(?![A-Za-z0-9._-]))`,
    "g",
  );
  return text.replace(pattern, (_match, separator: string | undefined) => (separator === undefined ? alone : below));
}

function replaceHost(text: string, host: string): string {
  const names = [host, host.split(".")[0] ?? ""].filter(
    (name) => name.length >= 3 && name !== "localhost" && !COMMON_HOSTS.has(name.toLowerCase()),
  );
  if (names.length === 0) return text;
  const pattern = new RegExp(
    `(?<![A-Za-z0-9-])(?:${names.map((name) => RegExp.escape(name)).join("|")})(?![A-Za-z0-9-])`,
    "gi",
  );
  return text.replace(pattern, placeholder("host"));
}
