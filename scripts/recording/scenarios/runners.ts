// Test runners of several languages, called in various ways, and commands that only look like tests.
import type { Scenario } from "../scenario.ts";

const languages: Scenario = {
  name: "0.154.0-runners",
  version: "0.154.0",
  model: "gpt-5.4",
  folder: "tools",
  files: {
    ".gitignore": "target/\n__pycache__/\n",
    "Cargo.toml": '[package]\nname = "tools"\nversion = "0.1.0"\nedition = "2021"\n',
    "src/lib.rs":
      "pub fn one() -> u8 {\n    1\n}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn is_one() {\n        assert_eq!(super::one(), 1);\n    }\n\n    #[test]\n    #[ignore]\n    fn is_two() {\n        assert_eq!(super::one(), 2);\n    }\n}\n",
    Makefile: "test:\n\tnode --test web/ok.test.js\n\ncheck:\n\tnode --test web/fail.test.js\n\ntest-all: test check\n",
    "package.json":
      '{ "name": "web", "type": "module", "scripts": { "test": "node --test web/ok.test.js", "test:bad": "node --test web/fail.test.js", "build": "echo built" } }\n',
    "web/ok.test.js": 'import test from "node:test";\ntest("ok", () => {});\n',
    "web/fail.test.js": 'import test from "node:test";\ntest("bad", () => { throw new Error("x"); });\n',
    "api/test_api.py":
      "import unittest\n\n\nclass Api(unittest.TestCase):\n    def test_ok(self):\n        self.assertTrue(True)\n",
  },
  runs: [
    {
      prompt: "Run everything that can be run",
      steps: [
        { run: "cargo test --offline" },
        { run: "cargo test --offline -- --ignored 2>&1 | tail -n 4" },
        { run: "cargo build --offline --quiet && node --version && npm run build --silent" },
        { run: "make test" },
        { run: "make check; echo done" },
        { run: "npm run test:bad" },
        { run: "node --test web/fail.test.js || true" },
        { run: "npm test && cargo test --offline --quiet" },
        { run: "cd api && python3 -m unittest -q" },
        { run: "python3 -m unittest -q", workdir: "/home/dev/tools/api" },
        { run: "CI=1 NODE_ENV=test npm test > /dev/null 2>&1" },
        { run: "time npm test >/dev/null" },
        { run: "grep -n 'npm test' package.json README.md; echo 'cargo test'; cat Makefile | grep test" },
        { run: "git commit --allow-empty -qm 'test: run npm test and cargo test'" },
        { run: "git add -A && git commit -m 'build: lock the crates'" },
        { say: "Ran them all." },
      ],
      tests: [
        { cmd: "cargo test --offline", result: "pass" },
        { cmd: "cargo test --offline -- --ignored", result: "fail" },
        { cmd: "make test", result: "pass" },
        { cmd: "make check", result: "fail" },
        { cmd: "npm run test:bad", result: "fail" },
        { cmd: "node --test web/fail.test.js", result: "fail" },
        { cmd: "npm test", result: "pass" },
        { cmd: "cargo test --offline --quiet", result: "pass" },
        { cmd: "python3 -m unittest -q", result: "pass" },
        { cmd: "python3 -m unittest -q", result: "pass" },
        { cmd: "npm test", result: "pass" },
        { cmd: "npm test", result: "pass" },
      ],
      failedCommands: ["npm run test:bad"],
      inLog: { commits: ["build: lock the crates"] },
    },
  ],
};

const node = 'import test from "node:test";\n';

const javascript: Scenario = {
  name: "0.169.0-js-runners",
  version: "0.169.0",
  model: "gpt-6-sol",
  folder: "web app",
  files: {
    ".gitignore": "node_modules/\n",
    "package.json": '{ "name": "web", "private": true, "jest": { "testMatch": ["**/*.jest.cjs"] } }\n',
    "vitest.config.mjs": 'export default { test: { include: ["unit/*.vitest.mjs"] } };\n',
    "unit/ok.vitest.mjs": 'import { test } from "vitest";\ntest("ok", () => {});\n',
    "unit/bad.vitest.mjs": 'import { test } from "vitest";\ntest("bad", () => { throw new Error("x"); });\n',
    "unit/ok.jest.cjs": 'test("ok", () => {});\n',
    "unit/bad.jest.cjs": 'test("bad", () => { throw new Error("x"); });\n',
    "unit/ok.mocha.cjs": 'it("ok", () => {});\n',
    "unit/bad.mocha.cjs": 'it("bad", () => { throw new Error("x"); });\n',
    "unit/ok.test.ts": `${node}test("ok", () => {});\n`,
    "unit/bad.test.ts": `${node}test("bad", () => { throw new Error("x"); });\n`,
    "t/ok.t": 'print "1..1\\nok 1 - fine\\n";\n',
    "t/bad.t": 'print "1..1\\nnot ok 1 - wrong\\n";\n',
  },
  setup: "npm install --no-save --no-package-lock --no-audit --no-fund --loglevel error vitest@3 jest@29 mocha@11",
  runs: [
    {
      prompt: "Run every suite",
      steps: [
        { run: "npx vitest run unit/ok" },
        { run: "npx vitest run 2>&1 | tail -15" },
        { run: "./node_modules/.bin/mocha unit/ok.mocha.cjs" },
        { run: "npx mocha unit/bad.mocha.cjs | cat" },
        { run: "npx jest --silent ok" },
        { run: "npx jest 2>&1 | grep -E '^(Tests|Suites|Test Suites):'" },
        { run: "node_modules/.bin/jest bad > /dev/null 2>&1; echo over" },
        { run: "bun test ./unit/ok.test.ts" },
        { run: "bun test ./unit/ok.test.ts ./unit/bad.test.ts 2>&1 | tail -5" },
        { run: "prove -q t/ok.t" },
        { run: "prove t 2>&1 | tail -3" },
        { run: "npx vitest --version && npx jest --showConfig | head -2 && ls node_modules/.bin | grep -c mocha" },
        { say: "Some suites are red." },
      ],
      tests: [
        { cmd: "vitest run unit/ok", result: "pass" },
        { cmd: "vitest run", result: "fail" },
        { cmd: "mocha unit/ok.mocha.cjs", result: "pass" },
        { cmd: "mocha unit/bad.mocha.cjs", result: "fail" },
        { cmd: "jest --silent ok", result: "pass" },
        { cmd: "jest", result: "fail" },
        { cmd: "jest bad", result: "unknown" },
        { cmd: "bun test ./unit/ok.test.ts", result: "pass" },
        { cmd: "bun test ./unit/ok.test.ts ./unit/bad.test.ts", result: "fail" },
        { cmd: "prove -q t/ok.t", result: "pass" },
        { cmd: "prove t", result: "fail" },
      ],
    },
  ],
};

export const runners: readonly Scenario[] = [languages, javascript];
