// Which command lines run tests: a table of runners, and for each the arguments that make it run tests.

import { isListed, PACKAGE_BINARIES } from "../shell/programs.ts";

/** Arguments without quotes; an argument whose value is unknown is kept as typed. */
type Args = readonly string[];

interface Runner {
  /** Base names of the program. */
  names: string;
  isTest: (args: Args) => boolean;
  /** Short options with which it runs nothing: `make -n` prints the commands. */
  idle?: RegExp;
  /** The name is a path of the project (`./gradlew`) and stays as typed. */
  keepsPath?: boolean;
}

/** Names people give to scripts, targets and tasks that run tests. */
const TEST_NAME = /^(tests?|specs?|e2e|unit|unittests?|jest|vitest|mocha|pytest|cypress|playwright)([:._-].*)?$/;
const TEST_SUFFIX = /[:._-](tests?|specs?|e2e|unit)$/;
const NO_TEST_NAME =
  /[:._-](build|clean|compile|coverage-report|fix|format|generate|install|lint|report|setup|types?|update)$/;

/** Options with which a test runner does not run tests. */
const RUNS_NOTHING =
  /^(-h|--help|--version|--collect-only|--co|--listTests|--list-tests|--list|--show-only|--fixtures|--markers|--no-run|--showConfig|--show-config|--dry-run|--dry(=\w+)?|--just-print|--recon|--question|--touch|--nobuild|--init|--print-config|-DskipTests(=true)?|-Dmaven\.test\.skip(=true)?)$/;

/** The words that are neither options nor values of these options. */
function operands(args: Args, valued: Args = []): string[] {
  const found: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? "";
    if (arg === "--") break;
    if (valued.includes(arg)) index++;
    else if (!/^[-+]./.test(arg)) found.push(arg);
  }
  return found;
}

const isTestName = (name: string | undefined): boolean =>
  name !== undefined && (TEST_NAME.test(name) || TEST_SUFFIX.test(name)) && !NO_TEST_NAME.test(name);

/** A test script that is started without `run`: `yarn jest` starts a program and no script. */
const isScriptName = (name: string | undefined): boolean => isTestName(name) && !isListed(name, PACKAGE_BINARIES);

/** The first operand is one of these verbs. */
const verb =
  (verbs: string, valued: Args = []) =>
  (args: Args): boolean =>
    verbs.split(" ").includes(operands(args, valued)[0] ?? "");

/** Some operand names a test target. */
const target =
  (valued: Args = []) =>
  (args: Args): boolean =>
    operands(args, valued).some((name) => isTestName(name));

/** The operands start with one of these phrases. */
const phrase =
  (...phrases: string[]) =>
  (args: Args): boolean => {
    const words = `${operands(args).join(" ")} `;
    return phrases.some((wanted) => words.startsWith(`${wanted} `));
  };

const JS_TEST_FILE = /(^|[./_-])(test|spec)s?\.[cm]?[jt]sx?$/;
const PYTHON_TEST_FILE = /(^|\/)(test_[^/]*|[^/]*_tests?|tests?|run_?tests?)\.py$/;
const RUBY_TEST_FILE = /(^|\/)(test_[^/]*|[^/]*_(test|spec))\.rb$/;
const SHELL_TEST_FILE = /(^|\/)(run[-_]?)?(all[-_]?)?(unit[-_]?)?tests?(\.(sh|bash))?$/;

const NODE_VALUES = ["--import", "-r", "--require", "--loader", "--experimental-loader", "-C", "--conditions"];
const NPM_VALUES = ["--prefix", "-w", "--workspace", "-C", "--filter", "-F", "--cwd", "--dir", "--scope"];
const PYTHON_VALUES = ["-W", "-X", "-m", "-c"];

function npmTest(args: Args): boolean {
  const [first, second, third, fourth] = operands(args, NPM_VALUES);
  if (first === "run" || first === "run-script" || first === "rum" || first === "urn") return isTestName(second);
  if (first === "workspace") return isTestName(third === "run" ? fourth : third);
  if (first === "workspaces") return operands(args, NPM_VALUES).slice(1).some(isTestName);
  if (first === "recursive") return isTestName(second === "run" ? third : second);
  return first === "t" || first === "tst" || isScriptName(first);
}

function pythonTest(args: Args): boolean {
  const module = args[args.indexOf("-m") + 1];
  const at = args.indexOf("-m");
  if (at !== -1) {
    const rest = args.slice(at + 2);
    if (module === "coverage") return rest[0] === "run" && pythonTest(rest.slice(1));
    if (module === "django") return rest[0] === "test";
    return /^(pytest|py\.test|unittest|nose2?|tox|nox|twisted\.trial|behave|green|ward|doctest|xdist)(\.|$)/.test(
      module ?? "",
    );
  }
  const [script, task] = operands(args, PYTHON_VALUES);
  if (script === undefined) return false;
  if (/(^|\/)manage\.py$/.test(script) || /(^|\/)setup\.py$/.test(script)) return task === "test";
  return PYTHON_TEST_FILE.test(script);
}

function cargoTest(args: Args): boolean {
  if (args.includes("--no-run")) return false;
  const [first, second] = operands(args, ["--config", "-Z", "-C", "--color"]);
  if (first === "nextest") return second === "run" || second === "r";
  if (first === "llvm-cov") return second !== "report" && second !== "clean";
  return (
    ["test", "t", "tarpaulin"].includes(first ?? "") ||
    (["miri", "hack", "xtask"].includes(first ?? "") && second === "test")
  );
}

const gradleTest = (args: Args): boolean =>
  operands(args, ["-x", "--exclude-task", "-p", "--project-dir", "-b", "-c", "--tests", "-I"]).some((task) =>
    /(^|:)(test|check|verify|allTests|connectedCheck|test[A-Z]\w*|\w*(Test|Tests))$/.test(task),
  );

const mavenTest = (args: Args): boolean =>
  operands(args, ["-pl", "-f", "-P", "-s", "--projects", "--file"]).some((goal) =>
    /^(test|verify|integration-test|(surefire|failsafe):[\w-]+)$/.test(goal),
  );

function makeTest(args: Args): boolean {
  return operands(args, ["-C", "-f", "-I", "-o", "-W"]).some(
    (goal) => !goal.includes("=") && (goal === "check" || isTestName(goal) || /(^|[-_:])(check|test)[-_].*/.test(goal)),
  );
}

/** A task of sbt may have arguments in the same word. */
const sbtTest = (args: Args): boolean =>
  args.some((task) => /(^|[\s/:;])(test|testOnly|testQuick|testFull)(\s|$)/.test(task.trim()));

const RUNNERS: readonly Runner[] = [
  // Programs that always run tests
  {
    names:
      "jest mocha ava tap tape uvu jasmine lab qunit karma wtr web-test-runner testcafe nightwatch wdio cucumber-js " +
      "cucumber newman bats prove busted cargo-nextest pest phpunit paratest rspec pytest py.test nosetests " +
      "nose2 trial behave tox nox green ward stestr gotestsum ginkgo m minitest behat kahlan",
    isTest: () => true,
  },
  { names: "ctest", isTest: () => true, idle: /^-N$/ },
  // Programs with a `test` command
  {
    names:
      "playwright ng react-scripts hardhat truffle anchor detox cds manage.py meson swift forge gleam elm-test spago " +
      "raco stack nimble dub alr terraform tofu molecule luarocks",
    isTest: verb("test"),
  },
  // JavaScript
  { names: "npm", isTest: (args) => npmTest(args) || /^(it|cit|install-test)$/.test(operands(args)[0] ?? "") },
  { names: "pnpm yarn bun", isTest: npmTest },
  {
    names: "node",
    isTest: (args) => args.includes("--test") || JS_TEST_FILE.test(operands(args, NODE_VALUES)[0] ?? ""),
  },
  {
    names: "tsx ts-node esno",
    isTest: (args) => args.includes("--test") || JS_TEST_FILE.test(operands(args)[0] ?? ""),
  },
  {
    names: "deno",
    isTest: (args) => verb("test")(args) || (verb("task")(args) && isTestName(operands(args, ["--cwd"])[1])),
  },
  { names: "vitest", isTest: (args) => !verb("bench list init")(args) },
  { names: "cypress", isTest: verb("run") },
  { names: "vue-cli-service", isTest: target() },
  {
    names: "turbo lerna wireit moon rush",
    isTest: (args) => operands(args, ["--filter", "--scope"]).some((name) => isTestName(name.split("#").at(-1))),
  },
  {
    names: "nx",
    isTest: (args) =>
      isTestName(operands(args)[0]) ||
      operands(args).some((name) => /:(test|e2e)\b/.test(name)) ||
      (verb("run-many affected")(args) && /(-t|--targets?)[= ](\S*,)?(test|e2e)/.test(args.join(" "))),
  },
  // Python
  { names: "python python2 python3 pypy pypy3", isTest: pythonTest },
  {
    names: "coverage",
    isTest: (args) => args[0] === "run" && (pythonTest(args.slice(1)) || /pytest/.test(args[1] ?? "")),
  },
  {
    names: "hatch pdm rye poe",
    isTest: (args) => /^([\w.-]+:)?tests?$/.test(operands(args).filter((word) => word !== "run")[0] ?? ""),
  },
  { names: "mise devbox", isTest: (args) => verb("run")(args) && isTestName(operands(args)[1]) },
  // Go, Rust, C, C++, Zig, Swift
  {
    names: "go richgo",
    isTest: (args) => verb("test", ["-C"])(args) && !args.includes("-c") && !args.includes("-list"),
    idle: /^-n$/,
  },
  { names: "cargo", isTest: cargoTest },
  { names: "make gmake bmake ninja", isTest: makeTest, idle: /^-[bBeikmprRsSvw]*[nqt]/ },
  { names: "cmake", isTest: (args) => /--target (test|check)\b/.test(args.join(" ")) },
  { names: "xcodebuild", isTest: (args) => args.includes("test") || args.includes("test-without-building") },
  { names: "zig", isTest: phrase("test", "build test", "build test-all") },
  { names: "bazel bazelisk buck buck2 pants", isTest: verb("test coverage") },
  // JVM, .NET
  { names: "mvn mvnd", isTest: mavenTest },
  { names: "mvnw", isTest: mavenTest, keepsPath: true },
  { names: "gradle", isTest: gradleTest, idle: /^-m$/ },
  { names: "gradlew", isTest: gradleTest, keepsPath: true, idle: /^-m$/ },
  { names: "sbt", isTest: sbtTest },
  { names: "mill", isTest: (args) => operands(args).some((task) => /(^|[._])test(\.|$)/.test(task)) },
  { names: "lein", isTest: verb("test midje kaocha eftest") },
  { names: "clj clojure", isTest: (args) => args.some((arg) => /^-[MXTA][:\w-]*:[\w-]*test/.test(arg)) },
  { names: "ant", isTest: target(["-f", "-buildfile"]) },
  { names: "dotnet", isTest: verb("test vstest") },
  // Ruby, PHP, Perl
  { names: "rake", isTest: (args) => operands(args, ["-f"]).some((task) => isTestName(task)), idle: /^-[nPTDW]/ },
  { names: "rails", isTest: (args) => isTestName(operands(args)[0]) },
  { names: "ruby", isTest: (args) => RUBY_TEST_FILE.test(operands(args, ["-I", "-r", "-C"])[0] ?? "") },
  { names: "php", isTest: (args) => phrase("artisan test", "bin/console test")(args) },
  {
    names: "artisan composer",
    isTest: (args) => isTestName(operands(args).filter((word) => word !== "run" && word !== "run-script")[0]),
  },
  { names: "codecept phpspec", isTest: verb("run") },
  { names: "perl", isTest: (args) => /(^|\/)t\/[^/]*\.t$/.test(operands(args, ["-I", "-M"])[0] ?? "") },
  // Others
  { names: "mix", isTest: (args) => /^(test|espec|coveralls)(\.|$)/.test(operands(args)[0] ?? "") },
  { names: "rebar3", isTest: verb("eunit ct proper") },
  { names: "dart flutter", isTest: (args) => phrase("test", "run test")(args) },
  { names: "cabal", isTest: verb("test v2-test new-test v1-test") },
  { names: "dune", isTest: verb("test runtest") },
  { names: "crystal", isTest: verb("spec") },
  { names: "julia", isTest: (args) => /Pkg\.test\(|(^|\/)runtests\.jl$/.test(args.join(" ")) },
  { names: "Rscript R", isTest: (args) => /testthat|devtools::test|tinytest/.test(args.join(" ")) },
  { names: "helm", isTest: verb("unittest test") },
  {
    names: "just mage task go-task invoke inv doit earthly",
    idle: /^-[nl]$/,
    isTest: target(["-f", "--justfile", "-d", "--working-directory", "-t", "-c", "-r"]),
  },
  { names: "bash sh zsh", isTest: (args) => SHELL_TEST_FILE.test(operands(args)[0] ?? "") },
];

const BY_NAME = new Map(RUNNERS.flatMap((runner) => runner.names.split(" ").map((name) => [name, runner] as const)));

/** The name to show for this program, if it runs tests with these arguments; null where it does not. */
export function runnerName(path: string, words: () => Args): string | null {
  const name = path.slice(path.lastIndexOf("/") + 1).replace(/\.(exe|cmd|bat)$/i, "");
  // `python3.12`, `ruby3.3`, `pytest-3`: the same program.
  const runner = BY_NAME.get(name) ?? BY_NAME.get(name.replace(/-?\d+(\.\d+)*$/, ""));
  if (runner === undefined && !(path.includes("/") && SHELL_TEST_FILE.test(path))) return null;
  const args = words();
  if (args.some((arg) => RUNS_NOTHING.test(arg))) return null;
  if (runner === undefined) return path;
  if (runner.idle !== undefined && args.some((arg) => runner.idle?.test(arg))) return null;
  return runner.isTest(args) ? (runner.keepsPath ? path : name) : null;
}
