// Reads the command line of Claude Code as version 2.1.330 itself reads it.
import type { ToolRequest } from "../agent.ts";
import { isSessionId } from "../session-id.ts";

/** Options whose value is the next word, even if that looks like an option. */
const VALUE = new Set(
  "--advisor --agent --agents --append-system-prompt --append-system-prompt-file --autocompact --debug-file --effort --environment --fallback-model --input-format --json-schema --max-budget-usd --max-thinking-tokens --max-turns --model -n --name --output-format --permission-mode --permission-prompt-tool --permission-prompts --plugin-dir --plugin-url --remote-control-session-name-prefix --session-id --setting-sources --settings --system-prompt --system-prompt-file --system-prompt-snapshot".split(
    " ",
  ),
);
/** Options whose value is the next word, unless that is an option. */
const OPTIONAL_VALUE = new Set(
  "--cloud -d --debug --from-pr --prompt-suggestions --remote-control -r --resume --teleport -w --worktree".split(" "),
);
/** Options whose values are all words up to the next option. */
const VALUES = new Set(
  "--add-dir --allowedTools --allowed-tools --betas --disallowedTools --disallowed-tools --file --mcp-config --tools".split(
    " ",
  ),
);
/** Commands that start no session. */
const COMMANDS = new Set(
  "agents attach auth auto-mode bridge config daemon doctor gateway import install kill logs mcp migrate-installer plugin plugins purge rc remote remote-control respawn rm setup-token stop ultrareview update upgrade".split(
    " ",
  ),
);
/** Options that resume a session. `--from-pr` and `--teleport` do not name it by its id. */
const RESUME = ["--resume", "-r", "--continue", "-c", "--from-pr", "--teleport"];
const BACKGROUND = ["--bg", "--background"];
/** Options for a session that runs in the cloud or in the desktop application. */
const ELSEWHERE = ["--cloud", "--environment", "--desktop"];
const HEADLESS = ["-p", "--print"];

export function readArguments(args: readonly string[]): ToolRequest {
  const { options, word } = readClaudeArguments(args);
  const hasAny = (names: readonly string[]) => names.some((name) => options.has(name));
  const resumedId = options.get("--resume") ?? options.get("-r") ?? "";
  const fork = options.has("--fork-session");
  const isBackground = hasAny(BACKGROUND);
  const isHeadless = hasAny(HEADLESS);
  // With `--print` every word is a prompt.
  const isCommand = COMMANDS.has(word ?? "") && !isHeadless;
  return {
    resume: hasAny(RESUME) && !fork ? { id: isSessionId(resumedId) ? resumedId.toLowerCase() : null } : null,
    fork,
    sessionId: options.get("--session-id")?.toLowerCase() ?? null,
    folder: null,
    isOther: hasAny(["--help", "-h", "--version", "-v", "-V", ...ELSEWHERE]) || isBackground || isCommand,
    isBackground,
    isHeadless,
  };
}

export interface ClaudeArguments {
  /** The last value of each option; null for an option without one. */
  options: Map<string, string | null>;
  /** The first word that is neither an option nor a value: a command, or the prompt. */
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
