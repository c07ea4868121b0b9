// Sessions that start in a subfolder or in a linked worktree, and that change files outside the repository.
import type { Scenario } from "../scenario.ts";

export const folders: readonly Scenario[] = [
  {
    name: "0.154.0-subfolder",
    version: "0.154.0",
    model: "gpt-5.4",
    folder: "mono",
    startIn: "packages/a",
    files: {
      "README.md": "# Mono\n",
      "packages/a/index.js": "export const a = 1;\n",
      "packages/a/old.js": "export const old = true;\nexport const age = 9;\n",
      "packages/b/index.js": "export const b = 1;\n",
    },
    runs: [
      {
        prompt: "Make a depend on b",
        steps: [
          {
            patch:
              "*** Begin Patch\n*** Update File: index.js\n@@\n-export const a = 1;\n+export { b as a } from '../b/index.js';\n*** Add File: ../b/extra.js\n+export {};\n*** End Patch\n",
          },
          { patch: "*** Begin Patch\n*** Add File: /home/dev/notes/todo.md\n+- more of b\n*** End Patch\n" },
          { run: "git mv old.js ../b/older.js && echo '# A' > README.md" },
          { run: "echo 'More.' >> README.md", workdir: "/home/dev/mono" },
          { run: "(cd ../b && echo 'export const c = 1;' >> index.js)" },
          { run: "git add -A .. && git commit -m 'refactor: a depends on b'" },
          { say: "It does." },
        ],
        outside: { created: ["~/notes/todo.md"] },
      },
    ],
  },
  {
    name: "0.169.0-worktree",
    version: "0.169.0",
    model: "gpt-5.5",
    folder: "shop",
    worktree: "shop-cart",
    files: { "cart.js": "export const total = 0;\n", "README.md": "# Shop\n" },
    setup: "git worktree add -q ../shop-cart -b cart",
    runs: [
      {
        prompt: "Count the items",
        steps: [
          {
            patch:
              "*** Begin Patch\n*** Update File: cart.js\n@@\n export const total = 0;\n+export const count = 0;\n*** End Patch\n",
          },
          { run: "echo 'Counts.' >> /home/dev/shop-cart/README.md" },
          { run: "git commit -am 'feat: count items'" },
          { say: "Counted." },
        ],
      },
    ],
  },
];
