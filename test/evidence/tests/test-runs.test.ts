import { describe, expect, test } from "bun:test";
import type { CommandEvent } from "../../../src/events/event.ts";
import type { TestRun } from "../../../src/evidence/evidence.ts";
import { readCommand } from "../../../src/evidence/shell/read-command.ts";
import { readTests } from "../../../src/evidence/tests/test-runs.ts";
import { commandEvent } from "../events.ts";

function testsOf(command: string, part: Partial<CommandEvent> = {}): TestRun[] {
  return readTests(readCommand(commandEvent(command, part)));
}

describe("a test run is named by its runner", () => {
  const cases: [command: string, cmd: string][] = [
    // As typed
    ["npm test", "npm test"],
    ["npm t", "npm t"],
    ["npm run test:unit -- --watch=false", "npm run test:unit -- --watch=false"],
    ["npm --prefix web test", "npm --prefix web test"],
    ["pnpm -r test", "pnpm -r test"],
    ["pnpm --filter @acme/web test", "pnpm --filter @acme/web test"],
    ["yarn test --ci", "yarn test --ci"],
    ["yarn workspace web test", "yarn workspace web test"],
    ["bun test src", "bun test src"],
    ["bun run test", "bun run test"],
    ["node --test", "node --test"],
    ["node --import tsx --test 'test/**/*.test.ts'", "node --import tsx --test 'test/**/*.test.ts'"],
    ["node --test test/*.test.js", "node --test test/*.test.js"],
    ["node test/cart.test.mjs", "node test/cart.test.mjs"],
    ["deno test -A", "deno test -A"],
    ["deno task test", "deno task test"],
    ["vitest run src/a.test.ts", "vitest run src/a.test.ts"],
    ["jest -t 'empty cart'", "jest -t 'empty cart'"],
    ["mocha", "mocha"],
    ["playwright test e2e", "playwright test e2e"],
    ["cypress run --spec a.cy.ts", "cypress run --spec a.cy.ts"],
    ["pytest -q tests/test_cart.py::test_empty", "pytest -q tests/test_cart.py::test_empty"],
    ['pytest -k "a or b"', 'pytest -k "a or b"'],
    ['pytest "tests"', "pytest tests"],
    ["python -m pytest -q", "python -m pytest -q"],
    ["python3 -m unittest discover -s tests", "python3 -m unittest discover -s tests"],
    ["python3.12 -W error -m pytest", "python3.12 -W error -m pytest"],
    ["python manage.py test shop", "python manage.py test shop"],
    ["tox -e py312", "tox -e py312"],
    ["nox -s tests", "nox -s tests"],
    ["coverage run -m pytest", "coverage run -m pytest"],
    ["go test ./...", "go test ./..."],
    ["go test -race -run 'TestCart/empty' ./internal/...", "go test -race -run TestCart/empty ./internal/..."],
    ["gotestsum ./...", "gotestsum ./..."],
    ["cargo test --workspace", "cargo test --workspace"],
    ["cargo +nightly test", "cargo +nightly test"],
    ["cargo nextest run", "cargo nextest run"],
    ["mvn -q test", "mvn -q test"],
    ["mvn -pl core verify", "mvn -pl core verify"],
    ["./mvnw test", "./mvnw test"],
    ["gradle :app:test --tests Foo", "gradle :app:test --tests Foo"],
    ["./gradlew check", "./gradlew check"],
    ["./gradlew testDebugUnitTest", "./gradlew testDebugUnitTest"],
    ["dotnet test Shop.sln --no-build", "dotnet test Shop.sln --no-build"],
    ["rspec spec/cart_spec.rb:12", "rspec spec/cart_spec.rb:12"],
    ["rake test", "rake test"],
    ["rake spec:models", "rake spec:models"],
    ["rails test test/models", "rails test test/models"],
    ["bin/rails test", "rails test"],
    ["ruby -Itest test/cart_test.rb", "ruby -Itest test/cart_test.rb"],
    ["phpunit --filter Cart", "phpunit --filter Cart"],
    ["php artisan test", "php artisan test"],
    ["composer test", "composer test"],
    ["ctest --output-on-failure", "ctest --output-on-failure"],
    ["cmake --build build --target test", "cmake --build build --target test"],
    ["meson test -C build", "meson test -C build"],
    ["make test", "make test"],
    ["make -C core -j4 check", "make -C core -j4 check"],
    ["make test-unit CC=clang", "make test-unit CC=clang"],
    ["mix test test/cart_test.exs:7", "mix test test/cart_test.exs:7"],
    ["swift test --filter CartTests", "swift test --filter CartTests"],
    ["xcodebuild -scheme App test", "xcodebuild -scheme App test"],
    ["zig build test", "zig build test"],
    ["zig test src/main.zig", "zig test src/main.zig"],
    ["bats test/cart.bats", "bats test/cart.bats"],
    ["prove -lr t", "prove -lr t"],
    ["sbt test", "sbt test"],
    ['sbt "testOnly *CartSpec"', 'sbt "testOnly *CartSpec"'],
    ["stack test", "stack test"],
    ["cabal test all", "cabal test all"],
    ["dart test", "dart test"],
    ["flutter test --coverage", "flutter test --coverage"],
    ["lein test :only shop.cart", "lein test :only shop.cart"],
    ["clojure -M:test", "clojure -M:test"],
    ["bazel test //...", "bazel test //..."],
    ["just test", "just test"],
    ["task test:unit", "task test:unit"],
    ["busted spec", "busted spec"],
    ["turbo run test --filter=web", "turbo run test --filter=web"],
    ["nx test web", "nx test web"],
    ["nx run web:test", "nx run web:test"],
    ["./scripts/test", "./scripts/test"],
    ["bash test.sh", "bash test.sh"],
    ["dune runtest", "dune runtest"],
    ["crystal spec", "crystal spec"],
    ["terraform test", "terraform test"],
    // Wrapped
    ["CI=1 npm test", "npm test"],
    ["env -u FOO CI=1 npm test", "npm test"],
    ["timeout 60 npm test", "npm test"],
    ["timeout -k 5 --signal=INT 60s npm test", "npm test"],
    ["time npm test", "npm test"],
    ["/usr/bin/time -v npm test", "npm test"],
    ["nice -n 10 npm test", "npm test"],
    ["sudo -u app -E npm test", "npm test"],
    ["nohup npm test", "npm test"],
    ["npx vitest run", "vitest run"],
    ["npx --yes -p vitest vitest run", "vitest run"],
    ["npm exec -- jest --ci", "jest --ci"],
    ["bunx vitest", "vitest"],
    ["bun x vitest run", "vitest run"],
    ["pnpm exec vitest run", "vitest run"],
    ["pnpm --filter web exec vitest run", "vitest run"],
    ["pnpm vitest run", "vitest run"],
    ["yarn jest --ci", "jest --ci"],
    ["yarn exec mocha", "mocha"],
    ["yarn dlx mocha", "mocha"],
    ["cross-env NODE_ENV=test jest", "jest"],
    ["c8 --reporter lcov node --test", "node --test"],
    ["uv run pytest -q", "pytest -q"],
    ["uv run --with pytest-cov python -m pytest", "python -m pytest"],
    ["uvx pytest", "pytest"],
    ["poetry run pytest", "pytest"],
    ["pipenv run pytest", "pytest"],
    ["pdm run pytest", "pytest"],
    ["hatch run test", "hatch run test"],
    ["conda run -n py312 pytest", "pytest"],
    ["bundle exec rspec", "rspec"],
    ["bundle exec rake test", "rake test"],
    ["mise exec -- go test ./...", "go test ./..."],
    ["xvfb-run -a npm test", "npm test"],
    ["docker compose run --rm app pytest -q", "pytest -q"],
    ["docker compose exec -T app npm test", "npm test"],
    ["bash -c 'npm test'", "npm test"],
    ["timeout 60 bash -lc 'cd web && npm test 2>&1'", "npm test"],
    ["uv run timeout 60 python -m pytest", "python -m pytest"],
    // With paths and plumbing
    ["/usr/bin/node --test x", "node --test x"],
    ["./node_modules/.bin/vitest run", "vitest run"],
    ["node node_modules/.bin/jest --ci", "jest --ci"],
    ["node --experimental-vm-modules ./node_modules/jest/bin/jest.js a", "jest a"],
    [".venv/bin/python -m pytest -q", "python -m pytest -q"],
    ["'/home/dev/my shop/.venv/bin/pytest' -q", "pytest -q"],
    ["./vendor/bin/phpunit --testdox", "phpunit --testdox"],
    ["php vendor/bin/phpunit tests", "phpunit tests"],
    ["~/.cargo/bin/cargo test", "cargo test"],
    ["npm test > out.log 2>&1", "npm test"],
    ["cd 'my app' && npm test", "npm test"],
    ["source .venv/bin/activate && pytest -q", "pytest -q"],
    ["export CI=1; npm test", "npm test"],
    ["npm test -- 'ünï çödé'", "npm test -- 'ünï çödé'"],
  ];
  for (const [command, cmd] of cases) {
    test(command, () => expect(testsOf(command)).toEqual([{ cmd, result: "pass" }]));
  }
});

describe("a command that runs no tests", () => {
  const cases = [
    "npm test --help",
    "npx vitest --version",
    "pytest --version",
    "pytest --collect-only -q",
    "jest --listTests",
    "playwright test --list",
    "cargo test --no-run",
    "cargo test -- --list",
    "go test -c ./cart",
    "ctest --show-only",
    "mvn -DskipTests verify",
    'echo "npm test"',
    "printf 'go test'",
    "grep -rn 'go test' .",
    "rg 'npm test' README.md",
    "npm install vitest",
    "npm ci",
    "npm run build",
    "npm run test:build",
    "pnpm add -D jest",
    "yarn add jest",
    "pip install pytest",
    "cargo build --tests",
    "go vet ./...",
    "cat test.log",
    "ls test",
    "test -f package.json",
    "[ -d test ]",
    "sed -n 1,20p test/cart.test.js",
    "cat > test.sh <<'EOF'\nnpm test\nEOF",
    "git commit -m 'npm test'",
    "which pytest",
    "command -v vitest",
    "vim test/cart.test.js",
    "node scripts/build.js",
    "python setup.py build",
    "make",
    "make build",
    "# npm test",
    "git add test/cart.test.js",
    "playwright install",
    "ng build",
    "npm test && (",
  ];
  for (const command of cases) test(command, () => expect(testsOf(command)).toEqual([]));
});

describe("a runner that never started", () => {
  const cases: [command: string, exitCode: number, output: string][] = [
    ["pytest -q", 127, "bash: line 1: pytest: command not found\n"],
    ["pytest -q", 127, "zsh:1: command not found: pytest\n"],
    ["pytest -q 2>&1 | tail -5", 0, "/bin/sh: 1: pytest: not found\n"],
    ["./gradlew test", 127, "bash: line 1: ./gradlew: No such file or directory\n"],
    ["./gradlew test", 126, "bash: line 1: ./gradlew: Permission denied\n"],
    ["python -m pytest", 1, "/usr/bin/python: No module named pytest\n"],
    ["npm test", 1, 'npm error Missing script: "test"\nnpm error\n'],
    ["pnpm test", 1, " ERR_PNPM_NO_SCRIPT  Missing script: test\n"],
    ["npx vitest run", 1, "npm error could not determine executable to run\n"],
    ["bundle exec rspec", 127, "bundler: command not found: rspec\n"],
    ["cargo nextest run", 101, "error: no such command: `nextest`\n"],
    ["make test", 2, "make: *** No rule to make target 'test'.  Stop.\n"],
  ];
  for (const [command, exitCode, output] of cases) {
    test(`${command}: ${output.trim()}`, () => expect(testsOf(command, { exitCode, output })).toEqual([]));
  }
  test("a missing program in the npm script is a failed test", () => {
    const output = "> shop@1.0.0 test\n> jest\n\nsh: 1: jest: not found\n";
    expect(testsOf("npm test", { exitCode: 127, output })).toEqual([{ cmd: "npm test", result: "fail" }]);
  });
});

describe("the result", () => {
  const TAP_PASS = "1..1\n# tests 1\n# pass 1\n# fail 0\n# cancelled 0\n";
  const TAP_FAIL = "1..1\n# tests 1\n# pass 0\n# fail 1\n# cancelled 0\n";
  const cases: [name: string, command: string, exitCode: number | null, output: string, tests: TestRun[]][] = [
    ["is the exit status", "npm test", 1, "", [{ cmd: "npm test", result: "fail" }]],
    ["is the exit status, not the output", "npm test", 0, TAP_FAIL, [{ cmd: "npm test", result: "pass" }]],
    ["comes from the summary behind a pipe", "npm test | tail -5", 0, TAP_FAIL, [{ cmd: "npm test", result: "fail" }]],
    ["comes from the summary behind a pipe", "npm test | tail -5", 0, TAP_PASS, [{ cmd: "npm test", result: "pass" }]],
    ["is unknown without a summary", "npm test | tail -1", 0, "…", [{ cmd: "npm test", result: "unknown" }]],
    ["comes from the summary before `|| true`", "npm test || true", 0, TAP_FAIL, [{ cmd: "npm test", result: "fail" }]],
    ["comes from the summary before `;`", "npm test; git status", 0, TAP_PASS, [{ cmd: "npm test", result: "pass" }]],
    ["comes from the summary without exit status", "npm test", null, TAP_PASS, [{ cmd: "npm test", result: "pass" }]],
    [
      "survives a step that failed after it",
      "npm test && git push",
      1,
      TAP_PASS,
      [{ cmd: "npm test", result: "pass" }],
    ],
    [
      "counts every run",
      "npm test && npx jest",
      0,
      "",
      [
        { cmd: "npm test", result: "pass" },
        { cmd: "jest", result: "pass" },
      ],
    ],
    ["excludes a run that never started", "npm test && npx jest", 1, TAP_FAIL, [{ cmd: "npm test", result: "fail" }]],
    ["excludes a test after a failed build", "npm run build && npm test", 2, "error TS2304\n", []],
    [
      "finds a test after a build by its summary",
      "npm run build && npm test",
      1,
      TAP_FAIL,
      [{ cmd: "npm test", result: "fail" }],
    ],
    [
      "is assigned to the right one of two runners",
      "pytest -q | tail -1; go test ./... | tail -1",
      0,
      "1 failed, 2 passed in 0.03s\nok  \tshop/cart\t0.01s\n",
      [
        { cmd: "pytest -q", result: "fail" },
        { cmd: "go test ./...", result: "pass" },
      ],
    ],
    [
      "is assigned by order to two runs of one runner",
      "node --test a | tail; node --test b | tail",
      0,
      "# fail 0\n# fail 1\n",
      [
        { cmd: "node --test a", result: "pass" },
        { cmd: "node --test b", result: "fail" },
      ],
    ],
    [
      "counts each iteration of a loop",
      "for p in a b; do (cd $p && npm test); done",
      0,
      TAP_PASS + TAP_PASS,
      [
        { cmd: "npm test", result: "pass" },
        { cmd: "npm test", result: "pass" },
      ],
    ],
    [
      "is not taken from the summary of another runner",
      "pytest -q | tail -1; npm test | tail -1",
      0,
      "1 failed in 0.03s\n",
      [
        { cmd: "pytest -q", result: "fail" },
        { cmd: "npm test", result: "unknown" },
      ],
    ],
    ["is unknown after a time limit", "timeout 5 npm test", 124, "", [{ cmd: "npm test", result: "unknown" }]],
  ];
  for (const [name, command, exitCode, output, tests] of cases) {
    test(`${name}: ${command}`, () => expect(testsOf(command, { exitCode, output })).toEqual(tests));
  }
  test("of an interrupted run is unknown, whatever it printed", () => {
    const stopped = { outcome: "interrupted", exitCode: null, output: TAP_PASS } as const;
    expect(testsOf("cd web && npm test", stopped)).toEqual([{ cmd: "npm test", result: "unknown" }]);
  });
  test("of a run that is still running is unknown", () => {
    expect(testsOf("npm test", { outcome: "running", exitCode: null })).toEqual([
      { cmd: "npm test", result: "unknown" },
    ]);
  });
});

const FAILED = "=== 1 failed, 2 passed in 0.1s ===\n";
const PASSED = "=== 2 passed in 0.1s ===\n";

describe("a runner that another program starts is found whatever the options of that program are", () => {
  const cases: [command: string, cmd: string][] = [
    ["docker compose -f ci.yml run --rm app pytest -q", "pytest -q"],
    ["docker compose --profile ci exec -T app pytest -q", "pytest -q"],
    ["podman compose run --rm app pytest -q", "pytest -q"],
    ["kubectl exec -n ns pod -- pytest -q", "pytest -q"],
    ["doppler run -- pytest -q", "pytest -q"],
    ["pnpm turbo run test", "turbo run test"],
    ["echo tests | xargs pytest -q", "pytest -q"],
    ['powershell.exe -Command "dotnet test"', "dotnet test"],
    ["php -d memory_limit=-1 vendor/bin/phpunit", "phpunit"],
    ["nix develop -c pytest -q", "pytest -q"],
    ["aws-vault exec prod -- npm test", "npm test"],
    ["ssh build 'cd /srv && pytest -q'", "pytest -q"],
    ["op run --env-file=.env -- bundle exec rspec", "rspec"],
    ["wsl bash -lc 'npm test'", "npm test"],
    ['cmd /c "npm test"', "npm test"],
  ];
  test.each(cases)("%s", (command, cmd) => {
    expect(testsOf(command, { output: FAILED, exitCode: 1, outcome: "failed" })).toEqual([{ cmd, result: "fail" }]);
  });

  test("after `--`, the exit status decides if nothing was printed", () => {
    expect(testsOf("kubectl exec pod -- pytest -q")).toEqual([{ cmd: "pytest -q", result: "pass" }]);
  });

  test("a summary that shows a failure counts more than the exit status of a program that may hide it", () => {
    expect(testsOf("watchexec pytest", { output: FAILED })).toEqual([{ cmd: "pytest", result: "fail" }]);
  });
});

test.each([
  "pip install pytest",
  "brew install bats-core bats",
  "npm install jest",
  "npm run build -- jest",
  "docker pull pytest",
  "git commit -m 'run pytest'",
])("%s runs no tests", (command) => {
  expect(testsOf(command, { output: "done in 3 s\n" })).toEqual([]);
});

test.each([
  "docker logs pytest",
  "kubectl logs deploy/pytest",
  "gh run view 5 --log",
  "cat pytest.txt",
  "curl -s https://ci.example/log",
  "python -c \"print('2 passed in 0.1s')\"",
])("%s only shows the summary of tests that ran elsewhere", (command) => {
  expect(testsOf(command, { output: PASSED })).toEqual([]);
});

describe("a script of any name that prints a runner's summary ran tests", () => {
  test.each(["./ci.sh", "make ci", "task verify", "bash scripts/all.sh --fast", "docker build -t pytest ."])(
    "%s",
    (command) => {
      expect(testsOf(command, { output: PASSED })).toEqual([{ cmd: command, result: "pass" }]);
      expect(testsOf(command, { output: FAILED, exitCode: 1, outcome: "failed" })).toEqual([
        { cmd: command, result: "fail" },
      ]);
    },
  );

  test("lines that builds print too do not count", () => {
    expect(testsOf("./gradlew build", { output: "BUILD SUCCESSFUL in 3s\n" })).toEqual([]);
  });

  test("of two scripts, nobody can tell which one ran them", () => {
    expect(testsOf("./a.sh; ./b.sh", { output: PASSED })).toEqual([]);
  });
});

describe("what a filter passes on proves a failure and never a success", () => {
  const cases: [command: string, output: string, result: "pass" | "fail" | "unknown"][] = [
    ["go test ./... 2>&1 | head -3", "ok  \tx/a\t0.1s\nok  \tx/b\t0.2s\n", "unknown"],
    ["cargo test 2>&1 | grep 'test result: ok'", "test result: ok. 1 passed; 0 failed; 0 ignored\n", "unknown"],
    ["pytest -q | rg passed", PASSED, "unknown"],
    ["pytest -q | awk '/passed/'", PASSED, "unknown"],
    ["pytest -q | python3 -c 'import sys'", PASSED, "unknown"],
    ["npm test > out.txt 2>&1; grep pass out.txt", "# pass 3\n# fail 0\n", "unknown"],
    ["mvn test | grep 'Tests run'", "Tests run: 3, Failures: 1, Errors: 0\n", "fail"],
    ["pytest -q | grep failed", FAILED, "fail"],
    ["pytest -q | tee out.txt | tail -2", PASSED, "pass"],
    ["npm test 2>&1 | sed 's/x/y/g' | tail -3", "# fail 0\n", "pass"],
    ["npm test > out.txt 2>&1; tail out.txt", "# pass 3\n# fail 0\n", "pass"],
  ];
  test.each(cases)("%s", (command, output, result) => {
    expect(testsOf(command, { output }).map((run) => run.result)).toEqual([result]);
  });
});

test.each([
  "make -n test",
  "make -kn test",
  "make --just-print check",
  "just -n test",
  "gradle -m test",
  "rake -n test",
  "ctest -N",
  "turbo run test --dry=json",
  "go test -n ./...",
])("%s only prints what it would run", (command) => {
  expect(testsOf(command, { output: "pytest -q\n" })).toEqual([]);
});

test.each(["pytest -n 4", "make -j4 test", "gradle -Pmode=x test"])("%s runs tests", (command) => {
  expect(testsOf(command)).toEqual([{ cmd: command, result: "pass" }]);
});
