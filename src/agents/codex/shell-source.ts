// Shell commands as the person would have typed them.
import { fileURLToPath } from "node:url";
import { quoteWords } from "../../system/shell-quote.ts";

const POSIX_SHELL = /(?:^|[/\\])(?:bash|zsh|sh|dash|ksh|fish)(?:\.exe)?$/;
const POWERSHELL = /(?:^|[/\\])(?:powershell|pwsh)(?:\.exe)?$/i;
const CMD = /(?:^|[/\\])cmd(?:\.exe)?$/i;

/** The shell source of an argv: without the `bash -lc` around it, else properly quoted. */
export function shellSource(argv: readonly string[]): string {
  const [program = "", flag = "", script] = argv;
  if (POSIX_SHELL.test(program) && /^-[a-z]*c$/.test(flag) && script !== undefined) return script;
  if (CMD.test(program) && /^\/c$/i.test(flag) && script !== undefined) return argv.slice(2).join(" ");
  if (POWERSHELL.test(program)) {
    const at = argv.findIndex((word) => /^-(?:c|command)$/i.test(word));
    const source = at === -1 ? undefined : argv.slice(at + 1).join(" ");
    if (source !== undefined && source !== "") return source;
  }
  return quoteWords(argv);
}

/** A directory as an absolute path: newer versions write `file://` URLs, percent-encoded. */
export function directoryOf(cwd: string | null): string | null {
  if (cwd === null || !cwd.startsWith("file:")) return cwd;
  try {
    return fileURLToPath(cwd);
  } catch {
    return cwd;
  }
}
