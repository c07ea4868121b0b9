// What is known about programs and git's subcommands by their names alone: one table for all code that reads
// commands without running them.
import type { ShellWord } from "./words.ts";

/**
 * What a command can do to a working tree. `none`: it only reads. `files`: it writes files but makes no commits. `any`:
 * unknown, it may do anything.
 */
export type Effect = "none" | "files" | "any";

/** Lists of words are texts with spaces between them. */
interface Traits {
  /** `any` where absent. */
  effect?: "none" | "files";
  /** Prints a message whenever it fails, so no message means success. */
  reportsErrors?: true;
}

export interface ProgramTraits extends Traits {
  /** Exit status 1 is an answer and no failure: no match, a difference, a missing file. */
  answers?: true;
  /** Passes on every line of its input, or the last ones, where a summary is. */
  keepsSummary?: true;
  /** Options with which a read-only program writes files or runs another program. */
  effectOptions?: string;
  /** Options that take code from the command line. */
  codeOptions?: string;
  /** The ways in which it runs another program, tried in order. */
  wraps?: readonly Wrapper[];
}

export interface GitTraits extends Traits {
  /** Makes commits. */
  commits?: true;
  /** Prints hashes of commits. */
  listsCommits?: true;
  /** Prints text that others wrote. */
  quotes?: true;
}

/** How a program runs another one: `timeout 60 npx vitest run` is `vitest run`. */
interface Wrapper {
  /** One of these must follow the program's name: `uv run`. */
  after?: readonly string[];
  /** Options that take the next word as their value. */
  valued?: string;
  /** How many words stand between the options and the wrapped program: the duration of `timeout`. */
  operands?: number;
  /** `NAME=value` words may stand before the wrapped program. */
  assignments?: boolean;
  /** Wraps only these programs: `yarn jest` is `jest`, `yarn build` is a script. */
  only?: string;
  /** The wrapped program runs in a container. */
  inContainer?: boolean;
}

export function isListed(word: string | null | undefined, words = ""): boolean {
  return typeof word === "string" && words.split(" ").includes(word);
}

/** Programs that package managers start without `exec`. */
export const PACKAGE_BINARIES =
  "ava c8 cucumber-js cypress jasmine jest karma mocha ng nyc playwright tap tape testcafe tsx uvu vitest wtr";

const packages: Wrapper = { valued: "-p --package -w --workspace -C --filter -F --dir --cwd" };
const packageBinary: Wrapper = { ...packages, only: PACKAGE_BINARIES };
const python: Wrapper = { valued: "--with --extra --group --python -p --project --directory --package --from" };
const container: Wrapper = {
  valued: "-e --env --env-file -u --user -w --workdir -v --volume --name -p",
  operands: 1,
  inContainer: true,
};
const coverage: Wrapper = { valued: "--reporter -r --include -n --exclude -x" };

const PROGRAMS = tableOf<ProgramTraits>([
  [
    "ag awk basename bat cat cd column cut date df diff dirname du echo egrep env export false file find fold grep " +
      "groups head hexdump hostname id jq less ls lsof md5sum more nl od printenv printf ps pwd readlink realpath rg " +
      "sed seq set sha1sum sha256sum sleep sort stat strings tac tail tr tree true uname uniq unset uptime wc who " +
      "whoami xxd yq [ cmp fgrep test type which",
    { effect: "none" },
  ],
  [
    "chmod chown cp curl dd gmv gsed gunzip gzip install ln mkdir mv patch perl rm rmdir rsync tar tee touch truncate " +
      "unlink unzip wget zip",
    { effect: "files" },
  ],
  [
    ". alias awk cat cd chmod column cp cut date echo export head ln ls mkdir mv nl popd printf pushd pwd rm rmdir sed " +
      "set shopt sleep sort source tail tee touch tr umask uniq unset wait wc",
    { reportsErrors: true },
  ],
  ["ack ag cmp colordiff comm diff egrep expr fgrep grep hash pgrep rg test type which zgrep [ [[", { answers: true }],
  ["bat cat column less more nl sort tac tail tee tr", { keepsSummary: true }],
  ["find", { effectOptions: "-delete -exec -execdir -ok -fprint -fprintf -fls" }],
  ["sort", { effectOptions: "-o --output" }],
  ["tree", { effectOptions: "-o" }],
  ["yq", { effectOptions: "-i --inplace" }],
  ["rg", { effectOptions: "--pre" }],
  ["bash", { codeOptions: "-c -lc" }],
  ["python python3 sh zsh", { codeOptions: "-c" }],
  ["bun", { codeOptions: "-e --eval -p --print" }],
  ["deno", { codeOptions: "eval" }],
  ["node", { codeOptions: "-e --eval -p --print -pe" }],
  ["perl", { codeOptions: "-e -E -ne -pe" }],
  ["php", { codeOptions: "-r" }],
  ["ruby", { codeOptions: "-e" }],
  ["env", { wraps: [{ valued: "-u --unset -C --chdir", assignments: true }] }],
  ["cross-env", { wraps: [{ assignments: true }] }],
  ["timeout gtimeout", { wraps: [{ valued: "-k -s --kill-after --signal", operands: 1 }] }],
  ["time gtime", { wraps: [{ valued: "-f -o --format --output" }] }],
  ["nice", { wraps: [{ valued: "-n --adjustment" }] }],
  ["ionice", { wraps: [{ valued: "-c -n" }] }],
  ["taskset", { wraps: [{ valued: "-c", operands: 1 }] }],
  ["stdbuf", { wraps: [{ valued: "-i -o -e" }] }],
  ["sudo", { wraps: [{ valued: "-u -g -h -p -C -D -R -T", assignments: true }] }],
  ["doas", { wraps: [{ valued: "-u -C" }] }],
  ["xvfb-run", { wraps: [{ valued: "-n -s -e -f -p -w --server-num --server-args --error-file" }] }],
  ["dbus-run-session", { wraps: [{ valued: "--config-file" }] }],
  ["exec", { wraps: [{ valued: "-a" }] }],
  ["caffeinate", { wraps: [{ valued: "-t -w" }] }],
  ["command builtin nohup setsid unbuffer arch", { wraps: [{}] }],
  ["npx pnpx bunx", { wraps: [packages] }],
  ["npm", { wraps: [{ ...packages, after: ["exec", "x"] }] }],
  ["pnpm yarn", { wraps: [{ ...packages, after: ["exec", "dlx"] }, packageBinary] }],
  ["bun", { wraps: [{ ...packages, after: ["x"] }, { ...packageBinary, after: ["run"] }, packageBinary] }],
  ["uv", { wraps: [{ ...python, after: ["run", "tool run"] }] }],
  ["uvx", { wraps: [python] }],
  ["pipx", { wraps: [{ after: ["run"], valued: "--spec --python" }] }],
  ["poetry", { wraps: [{ after: ["run"], valued: "-C --directory -P --project" }] }],
  ["pdm", { wraps: [{ after: ["run"], valued: "-p --project" }] }],
  ["hatch", { wraps: [{ after: ["run"], valued: "-e --env" }] }],
  ["pixi", { wraps: [{ after: ["run"], valued: "-e --environment" }] }],
  ["conda mamba micromamba", { wraps: [{ after: ["run"], valued: "-n --name -p --prefix" }] }],
  ["pipenv rye", { wraps: [{ after: ["run"] }] }],
  ["bundle rbenv pyenv asdf composer", { wraps: [{ after: ["exec"] }] }],
  ["mise", { wraps: [{ after: ["exec", "x"] }] }],
  ["direnv", { wraps: [{ after: ["exec"], operands: 1 }] }],
  ["opam", { wraps: [{ after: ["exec"], valued: "--switch" }] }],
  ["docker", { wraps: [{ ...container, after: ["compose exec", "compose run", "exec", "run"] }] }],
  ["docker-compose", { wraps: [{ ...container, after: ["exec", "run"] }] }],
  ["dotenv", { wraps: [{ valued: "-e -f -v" }] }],
  ["dotenvx", { wraps: [{ after: ["run"], valued: "-f -e" }] }],
  ["nyc c8", { wraps: [coverage] }],
]);

const GIT_VERBS = tableOf<GitTraits>([
  [
    "add blame branch cat-file check-ignore config count-objects describe diff fetch for-each-ref grep log ls-files " +
      "ls-remote ls-tree merge-base name-rev push reflog remote rev-list rev-parse shortlog show show-ref status tag " +
      "version whatchanged",
    { effect: "none" },
  ],
  ["apply checkout clean clone init mv reset restore rm stash submodule switch", { effect: "files" }],
  [
    "add branch checkout clone diff fetch init log mv remote reset restore rev-parse rm show stash status switch tag " +
      "worktree",
    { reportsErrors: true },
  ],
  ["am cherry-pick commit merge pull rebase revert subtree", { commits: true }],
  ["describe log reflog rev-list rev-parse show", { listsCommits: true }],
  ["cat-file diff grep log notes reflog rev-list show stash", { quotes: true }],
]);

const NONE: ProgramTraits & GitTraits = {};

export function traitsOf(program: string): ProgramTraits {
  return PROGRAMS.get(program) ?? NONE;
}

export function gitTraitsOf(verb: string): GitTraits {
  return GIT_VERBS.get(verb) ?? NONE;
}

/** Each name with the traits of all rows it is in. */
function tableOf<T>(rows: readonly (readonly [names: string, traits: T])[]): ReadonlyMap<string, T> {
  const table = new Map<string, T>();
  for (const [names, traits] of rows) {
    for (const name of names.split(" ")) table.set(name, { ...table.get(name), ...traits } as T);
  }
  return table;
}

/** The program a word names, without its folder or a Windows suffix; empty where it is unknown. */
export function programName(word: ShellWord | undefined): string {
  const path = word?.value ?? "";
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name.at(-4) === "." ? name.replace(/\.(exe|cmd)$/i, "") : name;
}

/** Whether a program that reads a pipe drops some of its lines. A program that is not known may print all of them. */
export function isFilter(words: readonly ShellWord[]): boolean {
  const inner = unwrap(words);
  const program = programName(inner[0]);
  const { effect, keepsSummary, codeOptions } = traitsOf(program);
  if (keepsSummary) return false;
  if (program === "sed") return !inner.slice(1).some(({ value }) => /^s(\W).*\1[gI\d]*$/.test(value ?? ""));
  if (effect === "none" || program === "gawk") return true;
  return codeOptions !== undefined && inner.some(({ value }) => isListed(value, codeOptions));
}

/** The wrapped command line, one layer down; null where the command wraps nothing. */
export function unwrapOnce(words: readonly ShellWord[], intoContainers = true): ShellWord[] | null {
  // `command -v` looks a program up and runs none.
  if (words[0]?.value === "command" && /^-[vV]$/.test(words[1]?.value ?? "")) return null;
  for (const wrapper of traitsOf(programName(words[0])).wraps ?? []) {
    if (wrapper.inContainer && !intoContainers) continue;
    for (const verbs of wrapper.after ?? [""]) {
      const start = wrappedStart(words, verbs === "" ? [] : verbs.split(" "), wrapper);
      const inner = start === null ? [] : words.slice(start);
      if (start === null || (wrapper.only !== undefined && !isListed(programName(inner[0]), wrapper.only))) continue;
      return inner.length === 0 ? null : inner;
    }
  }
  return null;
}

/** The innermost command line that runs on this machine. */
export function unwrap(words: readonly ShellWord[]): readonly ShellWord[] {
  let current = words;
  for (let inner = unwrapOnce(current, false); inner !== null; inner = unwrapOnce(current, false)) current = inner;
  return current;
}

/** Where the wrapped program begins; null where the verbs differ. Options may stand before a verb too. */
function wrappedStart(words: readonly ShellWord[], verbs: readonly string[], wrapper: Wrapper): number | null {
  let index = 1;
  for (const verb of verbs) {
    index = skipOptions(words, index, wrapper.valued);
    if (words[index]?.value !== verb) return null;
    index++;
  }
  index = skipOptions(words, index, wrapper.valued);
  if (wrapper.assignments) {
    while (/^[A-Za-z_]\w*=/.test(words[index]?.source ?? "")) index++;
    if (words[index]?.value === "--") index++;
  }
  return index + (wrapper.operands ?? 0);
}

function skipOptions(words: readonly ShellWord[], from: number, valued?: string): number {
  let index = from;
  for (; index < words.length; index++) {
    const word = words[index]?.value;
    if (word === "--") return index + 1;
    if (word === null || word === undefined || !/^-./.test(word)) return index;
    if (isListed(word, valued)) index++;
  }
  return index;
}
