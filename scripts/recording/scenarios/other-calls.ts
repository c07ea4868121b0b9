// Calls other than commands and edits (images, searches, plans), compactions, and parallel calls in code mode.
import type { Scenario } from "../scenario.ts";

const files = { "cart.js": "export const total = 0;\n", "README.md": "# Shop\n" };
const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

export const otherCalls: readonly Scenario[] = [
  {
    name: "0.169.0-image",
    version: "0.169.0",
    model: "gpt-5.5",
    folder: "shop",
    files,
    setup: `echo ${PIXEL} | base64 -d > ../shot.png`,
    settings: "model_auto_compact_token_limit = 20000",
    runs: [
      {
        prompt: "Make it look like the picture",
        flags: ["--image=/home/dev/shot.png"],
        steps: [
          { search: "cart total accessible markup", run: "cat cart.js" },
          { call: { name: "view_image", arguments: { path: "/home/dev/shot.png" } } },
          { patch: "*** Begin Patch\n*** Add File: before.js\n+export {};\n*** End Patch\n", inputTokens: 30000 },
          { say: "So far: before.js was added." },
          { patch: "*** Begin Patch\n*** Add File: after.js\n+export {};\n*** End Patch\n" },
          { run: "git add -A && git commit -m 'feat: before and after'" },
          { say: "It does now." },
        ],
      },
    ],
  },
  {
    name: "0.101.0-plan",
    version: "0.101.0",
    model: "gpt-5.2-codex",
    folder: "shop",
    files,
    setup: `echo ${PIXEL} | base64 -d > ../shot.png`,
    settings: "model_auto_compact_token_limit = 20000",
    runs: [
      {
        prompt: "Plan it, then do it",
        flags: ["--image=/home/dev/shot.png"],
        steps: [
          {
            call: {
              name: "update_plan",
              arguments: {
                plan: [
                  { step: "Count", status: "in_progress" },
                  { step: "Commit", status: "pending" },
                ],
              },
            },
          },
          { search: "counting items", run: "cat missing.txt" },
          { patch: "*** Begin Patch\n*** Add File: before.js\n+export {};\n*** End Patch\n", inputTokens: 30000 },
          { say: "So far: before.js was added." },
          { patch: "*** Begin Patch\n*** Add File: after.js\n+export {};\n*** End Patch\n" },
          { run: "git add -A && git commit -m 'feat: before and after'" },
          { say: "Done." },
        ],
        failedCommands: ["cat missing.txt"],
      },
      { prompt: "Thanks! <b>One</b> more thing: # no heading", steps: [{ say: "Any time." }] },
    ],
  },
  {
    name: "0.169.0-code",
    version: "0.169.0",
    model: "gpt-6-sol",
    folder: "shop",
    files,
    runs: [
      {
        prompt: "Do several things at once",
        steps: [
          {
            code: `const [a, b] = await Promise.all([
  tools.exec_command({ cmd: "cat cart.js" }),
  tools.exec_command({ cmd: "cat missing.txt" }),
]);
text(a.output + b.output);
for (const name of ["one", "two"]) {
  await tools.apply_patch("*** Begin Patch\\n*** Add File: " + name + ".js\\n+export {};\\n*** End Patch\\n");
}
`,
          },
          { code: 'throw new Error("my mistake");' },
          {
            code: `const slow = await tools.exec_command({ cmd: "sleep 1; exit 4", yield_time_ms: 250 });
const end = await tools.write_stdin({ session_id: slow.session_id, chars: "", yield_time_ms: 5000 });
text(end.exit_code);
`,
          },
          { patch: "*** Begin Patch\n*** Update File: cart.js\n@@\n-not there\n+never\n*** End Patch\n" },
          { run: "git add -A && git commit -m 'feat: one and two'" },
          { say: "Done at once." },
        ],
        failedEdits: [["cart.js"]],
        failedCommands: ["cat missing.txt", "sleep 1; exit 4"],
      },
    ],
  },
];
