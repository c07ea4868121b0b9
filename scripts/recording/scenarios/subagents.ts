// Sessions with subagents. Each subagent has a log of its own.
import { collaborate } from "../../../test/clients/script.ts";
import type { Scenario } from "../scenario.ts";

const files = { "cart.js": "export const total = 0;\n", "README.md": "# Shop\n" };

const addGuide = { patch: "*** Begin Patch\n*** Add File: GUIDE.md\n+# Guide\n*** End Patch\n" };

const wait = collaborate("wait_agent", { timeout_ms: 20000 });

/** Older versions refer to an agent by its id, and log its task as a user prompt. */
const older = [
  { version: "0.125.0", model: "gpt-5.4" },
  { version: "0.142.0", model: "gpt-5.5", namespace: "multi_agent_v1" },
] as const;

const byId: readonly Scenario[] = older.map(({ version, model, ...namespace }) => ({
  name: `${version}-subagent`,
  version,
  model,
  folder: "shop",
  files,
  runs: [
    {
      prompt: "Count the items, and let somebody else write the guide",
      steps: [
        {
          patch:
            "*** Begin Patch\n*** Update File: cart.js\n@@\n export const total = 0;\n+export const count = 0;\n*** End Patch\n",
        },
        { run: "cat plan.txt" },
        {
          call: {
            name: "spawn_agent",
            ...namespace,
            arguments: { message: "Write the guide now", fork_context: true },
          },
        },
        { call: { name: "wait_agent", ...namespace, arguments: { targets: ["$AGENT"], timeout_ms: 20000 } } },
        { run: "git add -A && git commit -m 'feat: count and guide'" },
        { say: "Counted, and the guide is written." },
      ],
      failedCommands: ["cat plan.txt"],
      subagents: [
        {
          prompt: "Write the guide now",
          readsAsPrompt: true,
          steps: [addGuide, { run: "cat nothing.txt" }, { say: "Written." }],
          failedCommands: ["cat nothing.txt"],
          touchedFiles: { created: ["GUIDE.md"] },
        },
      ],
    },
  ],
}));

const one: Scenario = {
  name: "0.169.0-subagent",
  version: "0.169.0",
  model: "gpt-6-sol",
  folder: "shop",
  files,
  runs: [
    {
      prompt: "Let somebody else write the guide, and test it",
      steps: [
        collaborate("spawn_agent", { task_name: "guide", message: "Write the guide now" }),
        wait,
        { run: "ls && git add -A && git commit -m 'docs: guide'" },
        { say: "The guide is written." },
      ],
      subagents: [
        {
          prompt: "Write the guide now",
          steps: [addGuide, { run: "cat nothing.txt" }, { say: "Written." }],
          failedCommands: ["cat nothing.txt"],
          touchedFiles: { created: ["GUIDE.md"] },
        },
      ],
    },
  ],
};

/** The session does not wait for the subagent. `codex exec` stops it at the end of the session's turn. */
const abandoned: Scenario = {
  name: "0.169.0-subagent-left",
  version: "0.169.0",
  model: "gpt-6-sol",
  folder: "shop",
  files,
  runs: [
    {
      prompt: "Let somebody else write the guide, and go on",
      steps: [
        collaborate("spawn_agent", { task_name: "guide", message: "Write the guide now" }),
        { run: "sleep 1 && echo 'Soon with a guide.' >> README.md" },
        { say: "The readme is ready." },
      ],
      subagents: [
        {
          prompt: "Write the guide now",
          steps: [addGuide, { run: "echo begun; sleep 20; echo end >> GUIDE.md", yieldMs: 20000 }, { say: "Written." }],
          touchedFiles: { created: ["GUIDE.md"] },
        },
      ],
    },
  ],
};

/**
 * Codex reviews with an agent of its own. The agent's log names the session, whose log already includes what the agent
 * did. In older versions it names no session.
 */
const reviews = [
  { version: "0.125.0", model: "gpt-5.4", failedCommands: [] },
  { version: "0.169.0", model: "gpt-6-sol", failedCommands: ["cat nothing.txt"] },
].map(
  ({ version, model, failedCommands }): Scenario => ({
    name: `${version}-review`,
    version,
    model,
    folder: "shop",
    files,
    runs: [
      {
        prompt: "Look at what the cart exports",
        session: "review",
        steps: [
          { run: "cat cart.js" },
          { run: "cat nothing.txt" },
          {
            say: JSON.stringify({
              findings: [],
              overall_correctness: "patch is correct",
              overall_explanation: "It exports the total.",
              overall_confidence_score: 0.9,
            }),
          },
        ],
        failedCommands,
      },
    ],
  }),
);

const rounding = (from: string, to: string) => ({
  patch: `*** Begin Patch\n*** Update File: cart.js\n@@\n-${from}\n+${to}\n*** End Patch\n`,
});

/** Two subagents in parallel. One of them starts another, and gets a second task when the session continues. */
const several: Scenario = {
  name: "0.169.0-subagents",
  version: "0.169.0",
  model: "gpt-6-sol",
  folder: "shop",
  files: {
    "package.json": '{ "name": "shop", "type": "module" }\n',
    "README.md": "# Shop\n",
    "cart.js": "export const round = (price) => price;\n",
    "cart.test.js":
      'import test from "node:test";\nimport assert from "node:assert";\nimport { round } from "./cart.js";\ntest("rounds", () => assert.equal(round(1.5), 2));\n',
  },
  runs: [
    {
      prompt: "Have the rounding mended and the notes written",
      steps: [
        { run: "cat plan.txt" },
        collaborate("spawn_agent", { task_name: "rounding", message: "Mend the rounding" }),
        collaborate("spawn_agent", { task_name: "notes", message: "Write the notes", fork_turns: "none" }),
        wait,
        wait,
        { run: "git commit -am 'fix: round prices'" },
        { say: "Both are done: the rounding is mended, and the notes are written." },
      ],
      failedCommands: ["cat plan.txt"],
      subagents: [
        {
          prompt: "Mend the rounding",
          steps: [
            rounding("export const round = (price) => price;", "export const round = (price) => Math.floor(price);"),
            { run: "node --test" },
            rounding(
              "export const round = (price) => Math.floor(price);",
              "export const round = (price) => Math.round(price);",
            ),
            { run: "node --test" },
            collaborate("spawn_agent", { task_name: "prices", message: "Look for the prices" }),
            wait,
            { say: "It rounds." },
          ],
          tests: [
            { cmd: "node --test", result: "fail" },
            { cmd: "node --test", result: "pass" },
          ],
          failedCommands: ["node --test"],
          touchedFiles: { modified: ["cart.js"] },
        },
        {
          prompt: "Look for the prices",
          parent: "Mend the rounding",
          steps: [{ run: "ls prices" }, { say: "There are none." }],
          failedCommands: ["ls prices"],
        },
        {
          prompt: "Write the notes",
          steps: [
            { patch: "*** Begin Patch\n*** Add File: NOTES.md\n+# Notes\n*** End Patch\n" },
            { run: "git add NOTES.md && git commit -m 'docs: notes' NOTES.md" },
            { say: "Noted." },
          ],
          touchedFiles: { created: ["NOTES.md"] },
          commits: ["docs: notes"],
        },
      ],
    },
    {
      prompt: "Say in the readme that it rounds, and export the currency",
      steps: [
        collaborate("followup_task", { target: "rounding", message: "Tell of it in the readme" }),
        { patch: "*** Begin Patch\n*** Add File: currency.js\n+export const currency = 'EUR';\n*** End Patch\n" },
        wait,
        { say: "The readme tells of it." },
      ],
      subagents: [
        {
          prompt: "Tell of it in the readme",
          steps: [{ run: "echo 'Prices are rounded.' >> README.md" }, { run: "cat CHANGES.md" }, { say: "Told." }],
          failedCommands: ["cat CHANGES.md"],
          touchedFiles: { modified: ["README.md"] },
        },
      ],
    },
  ],
};

export const subagents: readonly Scenario[] = [...byId, one, abandoned, ...reviews, several];
