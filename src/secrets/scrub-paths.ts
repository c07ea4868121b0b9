// Takes out of text what tells who and where someone is: home folders, e-mail addresses, the host name.
import { mapStrings } from "./map-strings.ts";
import { placeholder } from "./placeholder.ts";

export interface ScrubContext {
  /** The project root: paths below it become relative to it. */
  root?: string | null;
  home?: string | null;
  host?: string | null;
}

const USER = "[A-Za-z0-9._-]+";
/** Home folders of anyone: the log may come from another machine. */
const ANY_HOME = new RegExp(
  `(?<![A-Za-z0-9._~-])(?:(?:/var)?/home/${USER}|(?:/mnt/[a-z])?/Users/(?!Shared\\b)${USER}|/root(?![A-Za-z0-9._-])|[A-Za-z]:\\\\{1,2}Users\\\\{1,2}${USER}|[A-Za-z]:/Users/${USER})`,
  "g",
);
// `git@host` names a service and nobody; a domain that begins with a digit is a version: `pkg@1.2.0-beta.next`.
const EMAIL =
  /(?<![A-Za-z0-9._%+-])(?!git@)[A-Za-z0-9._%+-]{1,64}@[A-Za-z][A-Za-z0-9-]{0,62}(?:\.[A-Za-z0-9-]{1,63}){0,6}\.[A-Za-z]{2,24}(?![A-Za-z0-9-])/g;

/** Text fit for an entry: paths relative to the project or to `~`, no e-mail address, no host name. */
export function scrubPaths(text: string, context: ScrubContext): string {
  let result = text;
  if (context.root) result = replacePrefix(result, context.root, "", ".");
  if (context.home) result = replacePrefix(result, context.home, "~/", "~");
  result = result.replace(ANY_HOME, "~").replace(EMAIL, placeholder("email"));
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
  const names = [host, host.split(".")[0] ?? ""].filter((name) => name.length >= 3 && name !== "localhost");
  if (names.length === 0) return text;
  const pattern = new RegExp(`(?<![A-Za-z0-9-])(?:${names.map(escapeRegExp).join("|")})(?![A-Za-z0-9-])`, "gi");
  return text.replace(pattern, placeholder("host"));
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
