// Calls without effect (refused commands, patches that do not apply, unknown tools), and commands that keep running after
// their first call has returned.
import type { Scenario } from "../scenario.ts";

const files = {
  "package.json": '{ "name": "shop", "type": "module", "scripts": { "test": "node --test test/slow.test.js" } }\n',
  "src/cart.js": "export const total = (xs) => xs.reduce((a, b) => a + b);\n",
  "src/keep.js": "export {};\n",
  "test/slow.test.js":
    'import test from "node:test";\ntest("slow", () => new Promise((done) => setTimeout(done, 1500)));\n',
  "test/fail.test.js":
    'import test from "node:test";\ntest("bad", async () => { await new Promise((go) => setTimeout(go, 1500)); throw new Error("x"); });\n',
};

const failingPatch = `*** Begin Patch
*** Update File: src/cart.js
@@
-export const sum = (xs) => 0;
+export const sum = (xs) => 1;
*** End Patch
`;

const workingPatch = `*** Begin Patch
*** Update File: src/cart.js
@@
-export const total = (xs) => xs.reduce((a, b) => a + b);
+export const total = (xs) => xs.reduce((a, b) => a + b, 0);
*** End Patch
`;

const rules = 'prefix_rule(pattern = ["rm", "-rf"], decision = "forbidden")\n';

export const refused: readonly Scenario[] = [
  {
    name: "0.169.0-refused",
    version: "0.169.0",
    model: "gpt-5.5",
    folder: "shop",
    files,
    rules,
    runs: [
      {
        prompt: "Clean up and make the totals safe",
        steps: [
          { run: "rm -rf src" },
          { run: "cd src && rm -rf keep.js && echo gone > gone.txt" },
          { patch: failingPatch },
          { patch: workingPatch },
          { run: "sleep 2; exit 3", yieldMs: 250 },
          { stdin: "" },
          { run: "npm test", yieldMs: 250 },
          { stdin: "" },
          { run: "node --test test/fail.test.js", yieldMs: 250 },
          { stdin: "" },
          {
            call: {
              name: "exec_command",
              arguments: { cmd: "read -r line; echo $line > src/note.txt", tty: true, yield_time_ms: 250 },
            },
          },
          { stdin: "hello\n" },
          { call: { name: "no_such_tool", arguments: { path: "src/cart.js" } } },
          { call: { name: "exec_command", arguments: { command: "wrong argument name" } } },
          { run: "git commit --quiet --all --message='fix(cart): safe totals'" },
          { run: "sleep 300", yieldMs: 250 },
          { say: "The totals are safe. I was not allowed to remove src." },
        ],
        tests: [
          { cmd: "npm test", result: "pass" },
          { cmd: "node --test test/fail.test.js", result: "fail" },
        ],
        failedEdits: [["src/cart.js"]],
        failedCommands: ["sleep 2; exit 3", "node --test test/fail.test.js"],
        inLog: { commits: [] },
      },
    ],
  },
  {
    name: "0.101.0-refused",
    version: "0.101.0",
    model: "gpt-5.2-codex",
    folder: "shop",
    files,
    rules,
    runs: [
      {
        prompt: "Clean up and make the totals safe",
        steps: [
          { run: "rm -rf src" },
          { patch: failingPatch },
          { patch: workingPatch },
          { run: "npm test", yieldMs: 250 },
          { stdin: "" },
          { run: "sleep 2; exit 3", yieldMs: 250 },
          { run: "true" },
          { stdin: "" },
          { run: "git commit -am 'fix(cart): safe totals'" },
          { say: "The totals are safe." },
        ],
        tests: [{ cmd: "npm test", result: "pass" }],
        failedEdits: [["src/cart.js"]],
        failedCommands: ["sleep 2; exit 3"],
      },
    ],
  },
  {
    name: "0.65.0-shell",
    version: "0.65.0",
    model: "gpt-5.1-codex",
    folder: "shop",
    files,
    runs: [
      {
        prompt: "Make the totals safe",
        steps: [
          { patch: failingPatch },
          { patch: workingPatch },
          { run: "cat cart.js", workdir: "/home/dev/shop/src" },
          { run: "echo more > more.txt", workdir: "src" },
          { run: "echo never > never.txt", workdir: "/home/dev/shop/missing" },
          { call: { name: "shell_command", arguments: { command: "sleep 5; echo late > late.txt", timeout_ms: 400 } } },
          { run: "npm test > /dev/null" },
          { run: "git commit -am 'fix(cart): safe totals' | cat" },
          { say: "The totals are safe." },
        ],
        tests: [{ cmd: "npm test", result: "pass" }],
        failedEdits: [["src/cart.js"]],
        failedCommands: ["sleep 5; echo late > late.txt"],
      },
    ],
  },
];
