// The same two runs for every format of calls: an edit with tests and a commit, then moves and removals.
import type { Scenario } from "../scenario.ts";

const files = {
  "package.json": '{ "name": "shop", "type": "module", "scripts": { "test": "node --test test/ok.test.js" } }\n',
  "src/cart.js": "export const total = (xs) => xs.reduce((a, b) => a + b);\n",
  "src/util.js": "export const id = (x) => x;\nexport const noop = () => {};\n",
  "docs/guide.md": "# Guide\n\nUse the widget.\n",
  "old.js": "export {};\n",
  "notes.tmp": "x\n",
  "test/ok.test.js": 'import test from "node:test";\ntest("ok", () => {});\n',
  "test/fail.test.js": 'import test from "node:test";\ntest("bad", () => { throw new Error("x"); });\n',
};

const firstRun: Scenario["runs"] = [
  {
    prompt: "Fix the empty cart total crash and add a checkout lock helper",
    steps: [
      { think: "**Inspecting the repo**", run: "ls && cat src/cart.js && git status --short" },
      {
        patch: `*** Begin Patch
*** Add File: src/checkout/lock.js
+export function lock(id) {
+  return \`lock:\${id}\`;
+}
*** Update File: src/cart.js
@@
-export const total = (xs) => xs.reduce((a, b) => a + b);
+export const total = (xs) => xs.reduce((a, b) => a + b, 0);
*** End Patch
`,
      },
      { run: "npm test" },
      { run: "cat does-not-exist.txt" },
      { run: "node --test test/fail.test.js" },
      { run: "git add -A && git commit -q -m 'fix(cart): empty cart totals to zero' && git log -1 --oneline" },
      { say: "Fixed the empty-cart total and added a checkout lock. Tests pass." },
    ],
    tests: [
      { cmd: "npm test", result: "pass" },
      { cmd: "node --test test/fail.test.js", result: "fail" },
    ],
    failedCommands: ["cat does-not-exist.txt", "node --test test/fail.test.js"],
  },
];

/** Some versions consider `git rm` dangerous: they refuse it, or wait for an approval that never comes. */
const runs = (remove: "rm" | "git rm -q"): Scenario["runs"] => [
  ...firstRun,
  {
    prompt: "Rename the guide and clean up old files",
    steps: [
      { run: `sed -i 's/widget/gadget/' docs/guide.md && ${remove} old.js && git mv src/util.js src/helpers.js` },
      {
        patch: `*** Begin Patch
*** Update File: docs/guide.md
@@
-# Guide
+# User guide
*** Delete File: notes.tmp
*** End Patch
`,
      },
      { run: "git add -A && git commit -m 'docs: rename guide'" },
      { say: "Renamed the guide, removed old files and moved util to helpers." },
    ],
  },
];

const clients = [
  { version: "0.20.0", model: "gpt-5", remove: "rm" },
  { version: "0.42.0", model: "gpt-5-codex", remove: "rm" },
  { version: "0.65.0", model: "gpt-5.1-codex", remove: "git rm -q" },
  { version: "0.101.0", model: "gpt-5.2-codex", remove: "rm" },
  { version: "0.154.0", model: "gpt-5.4", remove: "git rm -q" },
] as const;

/** The oldest client cannot resume. */
export const basics: readonly Scenario[] = clients.map(({ version, model, remove }) => ({
  name: version,
  version,
  model,
  folder: "shop",
  files,
  runs: version === "0.20.0" ? firstRun : runs(remove),
}));
