// Reads from the command line of Codex (0.169) which session a run works in.
import type { ToolRequest } from "../agent.ts";
import { isSessionId } from "../session-id.ts";

/** Options with a value: the word after one is neither a subcommand nor a session. */
const VALUE_OPTIONS = new Set(
  "-c --config --enable --disable --remote --remote-auth-token-env -i --image -m --model --local-provider -p --profile -s --sandbox -a --ask-for-approval -C --cd --add-dir --output-schema -o --output-last-message --color".split(
    " ",
  ),
);

export function readArguments(args: readonly string[]): ToolRequest {
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
    const value = inline ?? (VALUE_OPTIONS.has(name) ? args[++at] : undefined);
    if (name === "-C" || name === "--cd") folder = value ?? null;
  }
  const [command, id] = words[0] === "exec" || words[0] === "e" ? words.slice(1) : words;
  const resumedId = !options.has("--last") && id !== undefined && isSessionId(id) ? id.toLowerCase() : null;
  return {
    resume: command === "resume" ? { id: resumedId } : null,
    fork: command === "fork",
    sessionId: null,
    folder,
    isOther: ["--help", "-h", "--version", "-V"].some((name) => options.has(name)),
    isBackground: false,
    isHeadless: ["exec", "e", "review"].includes(words[0] ?? ""),
  };
}

function splitOption(word: string): [string, string | undefined] {
  const equals = word.startsWith("--") ? word.indexOf("=") : -1;
  return equals === -1 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)];
}
