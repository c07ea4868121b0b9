// Takes out of text what tells who and where someone is: home folders, user names in paths, e-mail addresses, host
// names.
import { mapStrings } from "./map-strings.ts";
import { placeholder } from "./placeholder.ts";

export interface ScrubContext {
  /** The project root: paths below it become relative to it. */
  root?: string | null;
  home?: string | null;
  host?: string | null;
}

/** A name that a space may stand in, where a backslash or the rest of a path tells that it belongs to it. */
const USER = "[\\p{L}\\p{N}._-]+(?:\\\\ [\\p{L}\\p{N}._-]+)*";
const SPACED = `(?:${"[\\p{L}\\p{N}._-]+"}(?: [\\p{L}\\p{N}._-]+){1,2}(?=\\\\)|${USER})`;
const BACKSLASH = "\\\\{1,4}";
const BEGINS = "(?<![\\p{L}\\p{N}._~-])";
/** Home folders of anyone, on any system: the log may come from another machine. */
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
/** `~ada/notes`; not `HEAD~2` and not a range of versions. */
const TILDE_USER = new RegExp(`${BEGINS}~[\\p{L}_][\\p{L}\\p{N}._-]*(?=/)`, "gu");
/** A home folder spelled as the name of one folder, as Claude Code names that of a project: `-home-ada-shop`. */
const ENCODED_HOME = /(?<=[/\\])(?:[A-Za-z]-)?-(?:home|Users)-[A-Za-z0-9]+/g;
// `git@host` names a service and nobody; a domain that begins with a digit is a version: `pkg@1.2.0-beta.next`.
const EMAIL =
  /(?<![\p{L}\p{N}._%+-])(?!git(?:@|%40))[\p{L}\p{N}._%+-]{1,64}(?:@|%40)\p{L}[\p{L}\p{N}-]{0,62}(?:\.[\p{L}\p{N}-]{1,63}){0,6}\.\p{L}{2,24}(?![\p{L}\p{N}-])/gu;
/** Who is logged in where: a shell's prompt, or what is copied from or to (`ada@laptop:~/shop`). */
const LOGIN =
  /(?<![\w.%+@/-])(?!git@)[a-z_][\w.-]{0,31}@[A-Za-z0-9][\w.-]{0,62}(?=:[~/]|\s?[$#]\s| [~/][^\s\]]{0,100}\][$#])/gi;
/** The same after a program that logs in. */
const LOGIN_BY =
  /(\b(?:ssh|scp|sftp|rsync|mosh|ssh-copy-id)\s(?:[^\n;|&@]{0,200}\s)?)(?!git@)[a-z_][\w.-]{0,31}@[A-Za-z0-9][\w.-]{0,62}/gi;
/** Names of machines that are words of any changelog. */
const WORDS = new Set(
  "api app box build builder ci client code container data debian default desktop dev develop docker fedora git home host laptop linux local mac macbook main master mini node pc prod production project runner sandbox server staging test ubuntu user vm web windows work worker workspace".split(
    " ",
  ),
);

/** Text fit for an entry: paths relative to the project or to `~`, no e-mail address, no host name. */
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

/** Every string of a JSON value, scrubbed; keys are left as they are. */
export function scrubPathsDeep<T>(value: T, context: ScrubContext): T {
  return mapStrings(value, (text) => scrubPaths(text, context));
}

/** Replaces a folder: `below` stands for it in front of a path, `alone` where it stands by itself. */
function replacePrefix(text: string, folder: string, below: string, alone: string): string {
  const trimmed = folder.replace(/[\\/]+$/, "");
  if (trimmed === "" || !text.includes(trimmed)) return text;
  const pattern = new RegExp(
    `(?:file://|(?<![A-Za-z0-9._~/-]))${escapeRegExp(trimmed)}(?:([\\\\/])(?=[^\\s"'\`:;,)]|$)|(?![A-Za-z0-9._-]))`,
    "g",
  );
  return text.replace(pattern, (_match, separator: string | undefined) => (separator === undefined ? alone : below));
}

function replaceHost(text: string, host: string): string {
  const names = [host, host.split(".")[0] ?? ""].filter(
    (name) => name.length >= 3 && name !== "localhost" && !WORDS.has(name.toLowerCase()),
  );
  if (names.length === 0) return text;
  const pattern = new RegExp(`(?<![A-Za-z0-9-])(?:${names.map(escapeRegExp).join("|")})(?![A-Za-z0-9-])`, "gi");
  return text.replace(pattern, placeholder("host"));
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
