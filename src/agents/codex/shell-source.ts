// Shell commands as a person would have typed them.
import { fileURLToPath } from "node:url";
import { quoteWords } from "../../system/shell-quote.ts";

const POSIX_SHELL = /(?:^|[/\\])(?:bash|zsh|sh|dash|ksh|fish)(?:\.exe)?$/;
const POWERSHELL = /(?:^|[/\\])(?:powershell|pwsh)(?:\.exe)?$/i;
const CMD = /(?:^|[/\\])cmd(?:\.exe)?$/i;

/** The shell source of an argv: the script without the `bash -lc` before it, or the quoted words. */
export function shellSource(argv: readonly string[]): string {
  const [program = "", flag = "", script] = argv;
  if (POSIX_SHELL.test(program) && /^-[a-z]*c$/.test(flag) && script !== undefined) return script;
  if (CMD.test(program) && /^\/c$/i.test(flag) && script !== undefined) return argv.slice(2).join(" ");
  if (POWERSHELL.test(program)) {
    const at = argv.findIndex((word) => /^-(?:c|command)$/i.test(word));
    const source = at === -1 ? "" : argv.slice(at + 1).join(" ");
    if (source !== "") return source;
  }
  return quoteWords(argv);
}

/** A path as Codex writes it: newer versions write percent-encoded `file://` URLs. */
export function decodePath(path: string | null): string | null {
  if (path === null || !path.startsWith("file:")) return path;
  try {
    return fileURLToPath(path);
  } catch {
    return path;
  }
}
