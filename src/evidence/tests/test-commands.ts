// Recognizes the test command in a command line: the runner itself, or a runner that another program starts.
import { programName, traitsOf, unwrapOnce } from "../shell/programs.ts";
import { readScript } from "../shell/read-command.ts";
import { quote, type ShellWord } from "../shell/words.ts";
import { runnerName } from "./runners.ts";

export interface RecognizedTest {
  /** The runner and its arguments, without wrappers and the runner's folder. */
  cmd: string;
  program: string;
  /** Found in the arguments of a program that is not known to start others: only the output shows that tests ran. */
  isSupposed: boolean;
}

/** The test command in these words; null where they run no tests. */
export function recognizeTest(words: readonly ShellWord[]): RecognizedTest | null {
  const { test, innermost } = unwrapTest(words);
  return test ?? testInArguments(innermost);
}

/** Follows the wrappers that are known; `innermost` is the command line inside the last of them. */
function unwrapTest(words: readonly ShellWord[]): { test: RecognizedTest | null; innermost: readonly ShellWord[] } {
  let innermost = words;
  for (let current: readonly ShellWord[] | null = words; current !== null && current.length > 0; ) {
    innermost = current;
    const [first, ...args]: readonly ShellWord[] = current;
    const path = first?.value ?? null;
    if (path === null) break;
    const program = runnerName(path, () => args.map((word) => word.value ?? word.source));
    if (program !== null) {
      return { test: { cmd: typed(program, args), program, isSupposed: false }, innermost };
    }
    current = unwrapOnce(current) ?? scriptOfInterpreter(current);
  }
  return { test: null, innermost };
}

/** A command line as an entry shows it. */
export function typed(program: string, args: readonly ShellWord[]): string {
  return [quote(program), ...args.map(retype)].join(" ");
}

/** Quoted as typed where it needs quotes, else without them. */
function retype(word: ShellWord): string {
  if (word.value === null) return word.source;
  return quote(word.value) === word.value ? word.value : word.source;
}

/** `node node_modules/jest/bin/jest.js` counts as `jest`, `php vendor/bin/phpunit` as `phpunit`. */
function scriptOfInterpreter(words: readonly ShellWord[]): ShellWord[] | null {
  if (!/^(node|bun|php|ruby|python[\d.]*)$/.test(programName(words[0]))) return null;
  const at = words.findIndex((word, index) => index > 0 && /^[^-]/.test(word.value ?? ""));
  const path = words[at]?.value ?? "";
  const name = /(?:^|\/)(?:bin|node_modules)\/(?:.*\/)?([\w.-]+?)(?:\.[cm]?js)?$/.exec(path)?.[1];
  if (at === -1 || name === undefined) return null;
  return [{ source: name, value: name }, ...words.slice(at + 1)];
}

/** Verbs that print what others wrote: `docker logs pytest`. */
const SHOWS = /^(cat|describe|download|get|history|inspect|list|log|logs|ls|show|status|tail|view)$/;
/** Options that are followed by a command. */
const TAKES_COMMAND = /^--?(c|lc|command|e|exec|run|x)$/i;
/** Programs that pass what follows `--` on to a script of the project. */
const PASSES_ON = /^(bun|cargo|composer|npm|pnpm|yarn)$/;
/** How many words of a command line are searched for a runner. */
const MAX_WORDS = 40;

/** Whether the program may run tests without a name that says so. Programs that only read print the output of others. */
export function mayStartTests(words: readonly ShellWord[]): boolean {
  const program = programName(words[0]);
  const { effect, codeOptions = "" } = traitsOf(program);
  if (program === "" || program === "git" || effect !== undefined) return false;
  const options = codeOptions.split(" ").filter(Boolean);
  return !words.slice(1).some(({ value }) => value !== null && (SHOWS.test(value) || options.includes(value)));
}

/**
 * A runner in the arguments of a program that starts others in its own way, whatever its options are:
 * `kubectl exec -n shop pod -- pytest`, `powershell -Command "dotnet test"`.
 */
function testInArguments(words: readonly ShellWord[]): RecognizedTest | null {
  if (!mayStartTests(words)) return null;
  for (let index = 1; index < Math.min(words.length, MAX_WORDS); index++) {
    const before = words[index - 1]?.value ?? "";
    // The value of an option: `docker build -t pytest .`
    if (/^-./.test(before) && before !== "--" && !TAKES_COMMAND.test(before)) continue;
    const test = testAt(words, index);
    if (test !== null) return { ...test, isSupposed: before !== "--" || PASSES_ON.test(programName(words[0])) };
  }
  return null;
}

function testAt(words: readonly ShellWord[], index: number): RecognizedTest | null {
  const value = words[index]?.value ?? "";
  if (!/\s/.test(value)) return /^[-\d]|=/.test(value) ? null : unwrapTest(words.slice(index)).test;
  const commands = readScript(value, "unknown", "");
  return commands.map((command) => unwrapTest(command.words).test).find((test) => test !== null) ?? null;
}
