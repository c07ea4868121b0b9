// Programs that run another program and otherwise stay out of the way: `timeout 60 npx vitest run` is `vitest run`.
import type { ShellWord } from "./words.ts";

interface Wrapper {
  /** Words that must follow the program's name: `uv run`. */
  verbs?: readonly string[];
  /** Options that take the next word as their value. */
  values?: readonly string[];
  /** How many words stand between the options and the wrapped program: the duration of `timeout`. */
  operands?: number;
  /** `NAME=value` words may stand before the wrapped program. */
  assignments?: boolean;
  /** Wraps only these programs: `yarn jest` is `jest`, `yarn build` is a script. */
  only?: ReadonlySet<string>;
  /** The program runs somewhere else: in a container. */
  elsewhere?: boolean;
}

const PACKAGE_OPTIONS = ["-p", "--package", "-w", "--workspace", "-C", "--filter", "-F", "--dir", "--cwd"];
const PYTHON_OPTIONS = ["--with", "--extra", "--group", "--python", "-p", "--project", "--directory", "--package"];

/** Programs people start through their package manager without `exec`. */
export const PACKAGE_BINARIES: ReadonlySet<string> = new Set(
  "ava c8 cucumber-js cypress jasmine jest karma mocha ng nyc playwright tap tape testcafe tsx uvu vitest wtr".split(
    " ",
  ),
);
const DIRECT: Wrapper = { values: PACKAGE_OPTIONS, only: PACKAGE_BINARIES };
const CONTAINER_OPTIONS = [
  "-e",
  "--env",
  "--env-file",
  "-u",
  "--user",
  "-w",
  "--workdir",
  "-v",
  "--volume",
  "--name",
  "-p",
];

const WRAPPERS: Record<string, readonly Wrapper[]> = {
  __proto__: null as never,
  env: [{ values: ["-u", "--unset", "-C", "--chdir"], assignments: true }],
  "cross-env": [{ assignments: true }],
  timeout: [{ values: ["-k", "-s", "--kill-after", "--signal"], operands: 1 }],
  gtimeout: [{ values: ["-k", "-s", "--kill-after", "--signal"], operands: 1 }],
  time: [{ values: ["-f", "-o", "--format", "--output"] }],
  gtime: [{ values: ["-f", "-o", "--format", "--output"] }],
  nice: [{ values: ["-n", "--adjustment"] }],
  ionice: [{ values: ["-c", "-n"] }],
  taskset: [{ values: ["-c"], operands: 1 }],
  stdbuf: [{ values: ["-i", "-o", "-e"] }],
  sudo: [{ values: ["-u", "-g", "-h", "-p", "-C", "-D", "-R", "-T"], assignments: true }],
  doas: [{ values: ["-u", "-C"] }],
  "xvfb-run": [{ values: ["-n", "-s", "-e", "-f", "-p", "-w", "--server-num", "--server-args", "--error-file"] }],
  "dbus-run-session": [{ values: ["--config-file"] }],
  command: [{}],
  builtin: [{}],
  exec: [{ values: ["-a"] }],
  nohup: [{}],
  setsid: [{}],
  unbuffer: [{}],
  caffeinate: [{ values: ["-t", "-w"] }],
  arch: [{}],
  npx: [{ values: PACKAGE_OPTIONS }],
  pnpx: [{ values: PACKAGE_OPTIONS }],
  bunx: [{ values: PACKAGE_OPTIONS }],
  npm: [
    { verbs: ["exec"], values: PACKAGE_OPTIONS },
    { verbs: ["x"], values: PACKAGE_OPTIONS },
  ],
  pnpm: [{ verbs: ["exec"], values: PACKAGE_OPTIONS }, { verbs: ["dlx"], values: PACKAGE_OPTIONS }, DIRECT],
  yarn: [{ verbs: ["exec"], values: PACKAGE_OPTIONS }, { verbs: ["dlx"], values: PACKAGE_OPTIONS }, DIRECT],
  bun: [{ verbs: ["x"], values: PACKAGE_OPTIONS }, { ...DIRECT, verbs: ["run"] }, DIRECT],
  uv: [
    { verbs: ["run"], values: PYTHON_OPTIONS },
    { verbs: ["tool", "run"], values: PYTHON_OPTIONS },
  ],
  uvx: [{ values: [...PYTHON_OPTIONS, "--from"] }],
  pipx: [{ verbs: ["run"], values: ["--spec", "--python"] }],
  poetry: [{ verbs: ["run"], values: ["-C", "--directory", "-P", "--project"] }],
  pipenv: [{ verbs: ["run"] }],
  pdm: [{ verbs: ["run"], values: ["-p", "--project"] }],
  hatch: [{ verbs: ["run"], values: ["-e", "--env"] }],
  rye: [{ verbs: ["run"] }],
  pixi: [{ verbs: ["run"], values: ["-e", "--environment"] }],
  conda: [{ verbs: ["run"], values: ["-n", "--name", "-p", "--prefix"] }],
  mamba: [{ verbs: ["run"], values: ["-n", "--name", "-p", "--prefix"] }],
  micromamba: [{ verbs: ["run"], values: ["-n", "--name", "-p", "--prefix"] }],
  bundle: [{ verbs: ["exec"] }],
  rbenv: [{ verbs: ["exec"] }],
  pyenv: [{ verbs: ["exec"] }],
  asdf: [{ verbs: ["exec"] }],
  mise: [{ verbs: ["exec"] }, { verbs: ["x"] }],
  direnv: [{ verbs: ["exec"], operands: 1 }],
  opam: [{ verbs: ["exec"], values: ["--switch"] }],
  docker: [
    { verbs: ["compose", "exec"], values: CONTAINER_OPTIONS, operands: 1, elsewhere: true },
    { verbs: ["compose", "run"], values: CONTAINER_OPTIONS, operands: 1, elsewhere: true },
    { verbs: ["exec"], values: CONTAINER_OPTIONS, operands: 1, elsewhere: true },
    { verbs: ["run"], values: CONTAINER_OPTIONS, operands: 1, elsewhere: true },
  ],
  "docker-compose": [
    { verbs: ["exec"], values: CONTAINER_OPTIONS, operands: 1, elsewhere: true },
    { verbs: ["run"], values: CONTAINER_OPTIONS, operands: 1, elsewhere: true },
  ],
  composer: [{ verbs: ["exec"] }],
  dotenv: [{ values: ["-e", "-f", "-v"] }],
  dotenvx: [{ verbs: ["run"], values: ["-f", "-e"] }],
  nyc: [{ values: ["--reporter", "-r", "--include", "-n", "--exclude", "-x"] }],
  c8: [{ values: ["--reporter", "-r", "--include", "-n", "--exclude", "-x"] }],
};

/** The program a word names, without its folder or a Windows suffix; empty where it is unknown. */
export function programName(word: ShellWord | undefined): string {
  const path = word?.value ?? "";
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name.at(-4) === "." ? name.replace(/\.(exe|cmd)$/i, "") : name;
}

/** The wrapped command line, one layer down; null where the command wraps nothing. */
export function unwrapOnce(words: readonly ShellWord[]): ShellWord[] | null {
  return unwrapLayer(words, true);
}

/** The innermost command line that runs on this machine. */
export function unwrap(words: readonly ShellWord[]): readonly ShellWord[] {
  let current = words;
  for (let inner = unwrapLayer(current, false); inner !== null; inner = unwrapLayer(current, false)) current = inner;
  return current;
}

function unwrapLayer(words: readonly ShellWord[], elsewhere: boolean): ShellWord[] | null {
  for (const wrapper of WRAPPERS[programName(words[0])] ?? []) {
    if (wrapper.elsewhere && !elsewhere) continue;
    if (/^-[vV]$/.test(words[1]?.value ?? "") && words[0]?.value === "command") continue;
    const start = afterVerbs(words, wrapper);
    if (start === null) continue;
    const inner = words.slice(wrappedStart(words, start, wrapper));
    if (wrapper.only !== undefined && !wrapper.only.has(programName(inner[0]))) continue;
    return inner.length === 0 ? null : inner;
  }
  return null;
}

/** Where the words after `uv run` begin; options of the program itself may stand before the verb. */
function afterVerbs(words: readonly ShellWord[], wrapper: Wrapper): number | null {
  let index = 1;
  for (const verb of wrapper.verbs ?? []) {
    index = skipOptions(words, index, wrapper.values ?? []);
    if (words[index]?.value !== verb) return null;
    index++;
  }
  return index;
}

function wrappedStart(words: readonly ShellWord[], from: number, wrapper: Wrapper): number {
  let index = skipOptions(words, from, wrapper.values ?? []);
  if (wrapper.assignments) {
    while (/^[A-Za-z_]\w*=/.test(words[index]?.source ?? "")) index++;
    if (words[index]?.value === "--") index++;
  }
  return index + (wrapper.operands ?? 0);
}

function skipOptions(words: readonly ShellWord[], from: number, values: readonly string[]): number {
  let index = from;
  for (; index < words.length; index++) {
    const word = words[index]?.value;
    if (word === "--") return index + 1;
    if (word === null || word === undefined || !/^-./.test(word)) return index;
    if (values.includes(word)) index++;
  }
  return index;
}
