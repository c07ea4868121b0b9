// `ctx "label" --codex …`: where our words end and the tool's begin, and what the tool's mean for us. Pure.

import { isSessionId } from "../agents/session-id.ts";
import type { Tool } from "../agents/tools.ts";
import { readClaudeArguments } from "./claude-arguments.ts";

/** A command line that wraps a tool. */
export interface Invocation {
  /** What stands before the tool flag: the label, and options of our own. */
  own: string[];
  tool: Tool;
  /** Everything after the tool flag; it goes to the tool untouched, `--help` and `--` included. */
  toolArgs: string[];
}

/** What the tool's own arguments tell of the session it will work in. */
export interface ToolRequest {
  /** The session that goes on; its id is null when the tool chooses it: the latest, by name, or in a picker. */
  resume: { id: string | null } | null;
  /** A new session begins with the history of another. */
  fork: boolean;
  /** The id the arguments choose for a new session. */
  sessionId: string | null;
  /** Where the tool is told to work. */
  folder: string | null;
  /** The arguments ask for something else than a session: help, a version, a login. */
  other: boolean;
  /** The session goes on when the command is done. */
  background: boolean;
  /** The tool answers and is gone, without a screen to work at. */
  headless: boolean;
}

const FLAGS: Record<string, Tool> = { "--codex": "codex", "--claude": "claude" };

/** A command with flags of these names. A label is one word: nothing is taken from the wrapper. */
const RESERVED_COMMANDS = ["changelog", "sync"];

/** Splits a command line; null when it wraps no tool. A tool flag decides also after a word that names a command. */
export function splitInvocation(argv: readonly string[]): Invocation | null {
  if (RESERVED_COMMANDS.every((word, index) => argv[index] === word)) return null;
  const at = argv.findIndex((word) => word === "--" || Object.hasOwn(FLAGS, word));
  const tool = FLAGS[argv[at] ?? ""];
  return tool === undefined ? null : { own: argv.slice(0, at), tool, toolArgs: argv.slice(at + 1) };
}

/** Reads the tool's arguments as far as they tell of its session. */
export function readToolArgs(tool: Tool, args: readonly string[]): ToolRequest {
  return tool === "codex" ? readCodexArgs(args) : readClaudeArgs(args);
}

/** Options of Codex that take a value: the word after one is neither a subcommand nor a session. */
const CODEX_VALUES = new Set([
  ...["-c", "--config", "--enable", "--disable", "--remote", "--remote-auth-token-env", "-i", "--image"],
  ...["-m", "--model", "--local-provider", "-p", "--profile", "-s", "--sandbox", "-a", "--ask-for-approval"],
  ...["-C", "--cd", "--add-dir", "--output-schema", "-o", "--output-last-message", "--color"],
]);

function readCodexArgs(args: readonly string[]): ToolRequest {
  const words: string[] = [];
  const options = new Set<string>();
  let folder: string | null = null;
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? "";
    if (word === "--") {
      words.push(...args.slice(at + 1));
      break;
    }
    const [name = "", inline] = splitOption(word);
    if (!word.startsWith("-") || word === "-") words.push(word);
    else options.add(name);
    const value = inline ?? (CODEX_VALUES.has(name) ? args[++at] : undefined);
    if (name === "-C" || name === "--cd") folder = value ?? null;
  }
  const headless = ["exec", "e", "review"].includes(words[0] ?? "");
  const [command, id] = words[0] === "exec" || words[0] === "e" ? words.slice(1) : words;
  const named = !options.has("--last") && id !== undefined && isSessionId(id) ? id.toLowerCase() : null;
  return {
    resume: command === "resume" ? { id: named } : null,
    fork: command === "fork",
    sessionId: null,
    folder,
    other: isOther(options),
    background: false,
    headless,
  };
}

/** Words that make Claude Code do something else than begin a session. */
const CLAUDE_COMMANDS = new Set([
  ...["agents", "attach", "auth", "auto-mode", "bridge", "config", "daemon", "doctor", "gateway", "import", "install"],
  ...["kill", "logs", "mcp", "migrate-installer", "plugin", "plugins", "purge", "rc", "remote", "remote-control"],
  ...["respawn", "rm", "setup-token", "stop", "ultrareview", "update", "upgrade"],
]);
/** The session is one that is there already, whichever: `--from-pr` and `--teleport` name it in other ways. */
const CLAUDE_GOES_ON = ["--resume", "-r", "--continue", "-c", "--from-pr", "--teleport"];
/** The session goes on when the command is done. */
const CLAUDE_BACKGROUND = ["--bg", "--background"];
/** The session is not here, but in the cloud or on the desktop. */
const CLAUDE_ELSEWHERE = ["--cloud", "--environment", "--desktop"];

function readClaudeArgs(args: readonly string[]): ToolRequest {
  const { options, word } = readClaudeArguments(args);
  const has = (name: string) => options.has(name);
  const named = options.get("--resume") ?? options.get("-r") ?? "";
  const fork = has("--fork-session");
  const background = CLAUDE_BACKGROUND.some(has);
  // With `--print` every word is a prompt.
  const isCommand = CLAUDE_COMMANDS.has(word ?? "") && !has("-p") && !has("--print");
  return {
    resume: CLAUDE_GOES_ON.some(has) && !fork ? { id: isSessionId(named) ? named.toLowerCase() : null } : null,
    fork,
    sessionId: options.get("--session-id")?.toLowerCase() ?? null,
    folder: null,
    other: isOther(options) || has("-v") || background || CLAUDE_ELSEWHERE.some(has) || isCommand,
    background,
    headless: has("-p") || has("--print"),
  };
}

/** Whether a new session begins that a person could still give a label to. */
export function beginsAtScreen({ resume, other, headless }: ToolRequest): boolean {
  return resume === null && !other && !headless;
}

function splitOption(word: string): [string, string | undefined] {
  const equals = word.startsWith("--") ? word.indexOf("=") : -1;
  return equals === -1 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)];
}

function isOther(options: { has(name: string): boolean }): boolean {
  return ["--help", "-h", "--version", "-V"].some((name) => options.has(name));
}
