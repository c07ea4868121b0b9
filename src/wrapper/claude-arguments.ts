// The command line of Claude Code (2.1.330) as its own parser reads it: options with a value, with a value or none,
// with several. Pure.

/** What follows is the option's value, even when it looks like an option itself. */
const VALUE = new Set([
  ...["--advisor", "--agent", "--agents", "--append-system-prompt", "--append-system-prompt-file", "--autocompact"],
  ...["--debug-file", "--effort", "--environment", "--fallback-model", "--input-format", "--json-schema"],
  ...["--max-budget-usd", "--max-thinking-tokens", "--max-turns", "--model", "-n", "--name", "--output-format"],
  ...["--permission-mode", "--permission-prompt-tool", "--permission-prompts", "--plugin-dir", "--plugin-url"],
  ...["--remote-control-session-name-prefix", "--session-id", "--setting-sources", "--settings", "--system-prompt"],
  ...["--system-prompt-file", "--system-prompt-snapshot"],
]);

/** What follows is the value unless it is an option. */
const OPTIONAL_VALUE = new Set([
  ...["--cloud", "-d", "--debug", "--from-pr", "--prompt-suggestions", "--remote-control", "-r", "--resume"],
  ...["--teleport", "-w", "--worktree"],
]);

/** Everything up to the next option is the value. */
const VALUES = new Set([
  ...["--add-dir", "--allowedTools", "--allowed-tools", "--betas", "--disallowedTools", "--disallowed-tools"],
  ...["--file", "--mcp-config", "--tools"],
]);

export interface ClaudeArguments {
  /** The value of each option as it was given last; null for one that was given none. */
  options: Map<string, string | null>;
  /** The first word that is neither an option nor the value of one: a command, or the prompt. */
  word: string | null;
}

/** Reads a command line up to `--`: what follows is a prompt. */
export function readClaudeArguments(args: readonly string[]): ClaudeArguments {
  const cut = args.indexOf("--");
  const rest = cut === -1 ? [...args] : args.slice(0, cut);
  const options = new Map<string, string | null>();
  let word: string | null = null;
  for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
    if (!isOption(next)) {
      word ??= next;
      continue;
    }
    const { name, value, more } = splitOption(next);
    if (more !== null) rest.unshift(more);
    options.set(name, value ?? (more === null ? takeValue(name, rest) : null));
  }
  return { options, word };
}

/** Splits `--name=value`, `-nvalue` and `-pc`, which is `-p -c`. */
function splitOption(word: string): { name: string; value: string | null; more: string | null } {
  const equals = word.indexOf("=");
  if (word.startsWith("--")) {
    return equals === -1
      ? { name: word, value: null, more: null }
      : { name: word.slice(0, equals), value: word.slice(equals + 1), more: null };
  }
  const [name, rest] = [word.slice(0, 2), word.slice(2)];
  if (rest === "") return { name, value: null, more: null };
  if (VALUE.has(name) || OPTIONAL_VALUE.has(name)) return { name, value: rest, more: null };
  return { name, value: null, more: `-${rest}` };
}

function takeValue(name: string, rest: string[]): string | null {
  const takes = VALUE.has(name) || VALUES.has(name) || (OPTIONAL_VALUE.has(name) && !isOption(rest[0] ?? ""));
  const value = takes ? (rest.shift() ?? null) : null;
  while (VALUES.has(name) && rest[0] !== undefined && !isOption(rest[0])) rest.shift();
  return value;
}

function isOption(word: string): boolean {
  return word.length > 1 && word.startsWith("-");
}
