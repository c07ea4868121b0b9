// Forked sessions, and a session in a terminal with several typed prompts.
import type { Scenario } from "../scenario.ts";

const files = { "cart.js": "export const total = 0;\n", "README.md": "# Shop\n" };

/** Older versions fork only in a terminal, and the log of the fork repeats its parent's records. */
const forks = [
  { version: "0.101.0", model: "gpt-5.3-codex", inTerminal: true },
  { version: "0.142.0", model: "gpt-5.5", inTerminal: true },
  { version: "0.154.0", model: "gpt-5.4", inTerminal: false },
  { version: "0.169.0", model: "gpt-5.5", inTerminal: false },
];

/** Prevents the questions that Codex asks first in a terminal. */
const NO_QUESTIONS = [
  "check_for_update_on_startup = false",
  'projects = { "/home/dev/shop" = { trust_level = "trusted" } }',
].join("\n");

export const forkedSessions: readonly Scenario[] = [
  ...forks.map(
    ({ version, model, inTerminal }): Scenario => ({
      name: `${version}-fork`,
      version,
      model,
      folder: "shop",
      files,
      settings: NO_QUESTIONS,
      runs: [
        {
          prompt: "Count the items",
          steps: [
            {
              patch:
                "*** Begin Patch\n*** Update File: cart.js\n@@\n export const total = 0;\n+export const count = 0;\n*** End Patch\n",
            },
            { run: "cat missing.txt" },
            { run: "git commit -am 'feat: count items'" },
            { say: "Counted." },
          ],
          failedCommands: ["cat missing.txt"],
        },
        {
          prompt: "Try it another way",
          session: "fork",
          ...(inTerminal ? { terminal: { typed: [] } } : {}),
          steps: [
            { patch: "*** Begin Patch\n*** Add File: count.js\n+export const count = 0;\n*** End Patch\n" },
            { run: "git add -A && git commit -m 'feat: count apart'" },
            { say: "Apart." },
          ],
        },
        {
          prompt: "Document the first way",
          steps: [{ run: "echo 'Counts.' >> README.md" }, { say: "Documented." }],
        },
      ],
    }),
  ),
  {
    name: "0.169.0-terminal",
    version: "0.169.0",
    model: "gpt-6-sol",
    folder: "shop",
    files,
    settings: NO_QUESTIONS,
    runs: [
      {
        prompt: "Count the items",
        terminal: { typed: ["Now document it, please", "/status is not a command here"] },
        steps: [
          { run: "echo 'export const count = 0;' >> cart.js && git commit -am 'feat: count items'" },
          { say: "Counted." },
          { run: "echo 'Counts.' >> README.md" },
          { say: "Documented." },
          { say: "So it is." },
        ],
      },
    ],
  },
];
