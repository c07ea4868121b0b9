// A session interrupted with Ctrl-C while a command runs, and then resumed.
import type { Scenario } from "../scenario.ts";

const clients = [
  { version: "0.65.0", model: "gpt-5.1-codex" },
  { version: "0.154.0", model: "gpt-5.4" },
  { version: "0.169.0", model: "gpt-6-sol" },
];

export const interrupted: readonly Scenario[] = clients.map(({ version, model }) => ({
  name: `${version}-interrupted`,
  version,
  model,
  folder: "shop",
  files: { "cart.js": "export const total = 0;\n" },
  runs: [
    {
      prompt: "Count to a hundred",
      interruptAfterMs: 2500,
      steps: [
        { run: "echo 1 > one.txt" },
        { run: "echo begun; sleep 20; echo 100 > hundred.txt", yieldMs: 20000 },
        { say: "Counted." },
      ],
    },
    {
      prompt: "Count to three instead",
      steps: [{ run: "echo 3 > three.txt; git add three.txt && git commit -m 'feat: three'" }, { say: "Three." }],
    },
  ],
}));
