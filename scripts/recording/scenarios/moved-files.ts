// Files that are created and deleted again, moved and changed, moved twice, left uncommitted or ignored.
import type { Scenario } from "../scenario.ts";

const lines = (name: string) =>
  Array.from({ length: 8 }, (_, i) => `export const ${name}${i + 1} = ${i + 1};\n`).join("");

const files = {
  ".gitignore": "*.log\n",
  "src/a.js": lines("a"),
  "src/c.js": lines("c"),
  "src/gone.js": lines("gone"),
  "src/same.js": lines("same"),
  "docs/x.md": "# X\n\nOne.\nTwo.\nThree.\n",
  "docs/long name.md": "# Long\n\nOne.\nTwo.\n",
  "conf.ini": "[a]\nb = 1\n",
};

export const movedFiles: readonly Scenario[] = [
  {
    name: "0.101.0-files",
    version: "0.101.0",
    model: "gpt-5.2-codex",
    folder: "files",
    files,
    runs: [
      {
        prompt: "Tidy the sources",
        steps: [
          {
            patch:
              "*** Begin Patch\n*** Add File: tmp.js\n+export {};\n*** Add File: src/kept.js\n+export {};\n*** End Patch\n",
          },
          { run: "node tmp.js; rm tmp.js" },
          { run: "git mv src/a.js src/b.js" },
          {
            patch:
              "*** Begin Patch\n*** Update File: src/b.js\n@@\n-export const a1 = 1;\n+export const a1 = 100;\n*** End Patch\n",
          },
          { run: "mv docs/x.md docs/y.md && mv docs/y.md docs/z.md" },
          {
            patch:
              "*** Begin Patch\n*** Update File: src/c.js\n*** Move to: src/deep/d.js\n@@\n-export const c2 = 2;\n+export const c2 = 200;\n*** Delete File: src/gone.js\n*** End Patch\n",
          },
          { run: "echo run > build.log; cp src/b.js src/copy.js; touch 'empty file.txt'; seq 9 > 'long list.txt'" },
          { run: "cat <<'END' > src/made.js\nexport const made = true;\nEND" },
          { run: "cat src/same.js | tee /dev/null > /dev/null; grep -c export src/*.js; sed -n 1,3p src/same.js" },
          { run: "git add src && git commit -m 'refactor: tidy sources'" },
          { say: "Tidied." },
        ],
        inLog: {
          touchedFiles: {
            created: ["build.log", "empty file.txt", "long list.txt", "src/copy.js", "src/kept.js", "src/made.js"],
            deleted: ["src/gone.js"],
            moved: [
              { from: "docs/x.md", to: "docs/z.md" },
              { from: "src/a.js", to: "src/b.js" },
              { from: "src/c.js", to: "src/deep/d.js" },
            ],
          },
        },
      },
      {
        prompt: "Go on with the docs, commit nothing",
        steps: [
          { run: "sed -i 's/One/1/' docs/z.md 'docs/long name.md'" },
          { run: "printf '[c]\\nd = 2\\n' | tee -a conf.ini > /dev/null" },
          { run: "echo 'x' >> src/same.js && git checkout -q -- src/same.js" },
          { run: "mv 'long list.txt' list.txt && echo 10 >> list.txt" },
          { run: "rm -r src/deep" },
          { say: "Done; nothing is committed." },
        ],
        // The log does not show the files of a removed folder.
        inLog: {
          touchedFiles: {
            modified: ["conf.ini", "docs/long name.md", "docs/z.md"],
            moved: [{ from: "long list.txt", to: "list.txt" }],
          },
        },
      },
    ],
  },
  {
    name: "0.42.0-patches",
    version: "0.42.0",
    model: "gpt-5-codex",
    folder: "files",
    files,
    runs: [
      {
        prompt: "Patch in every way there is",
        steps: [
          {
            run: "cd src && apply_patch <<'EOF'\n*** Begin Patch\n*** Update File: a.js\n@@\n-export const a1 = 1;\n+export const a1 = 100;\n*** End Patch\nEOF",
          },
          {
            call: {
              name: "shell",
              arguments: {
                command: ["apply_patch", "*** Begin Patch\n*** Add File: docs/new.md\n+# New\n*** End Patch\n"],
              },
            },
          },
          {
            call: {
              name: "shell",
              arguments: {
                command: [
                  "bash",
                  "-lc",
                  "apply_patch <<'EOF'\n*** Begin Patch\n*** Delete File: gone.js\n*** End Patch\nEOF\n",
                ],
                workdir: "/home/dev/files/src",
              },
            },
          },
          { patch: "*** Begin Patch\n*** Update File: src/c.js\n@@\n-not there\n+never\n*** End Patch\n" },
          {
            patch:
              "*** Begin Patch\n*** Update File: docs/x.md\n*** Move to: docs/y.md\n@@\n-One.\n+1.\n*** End Patch\n",
          },
          { call: { name: "shell", arguments: { command: ["cat", "missing.txt"] } } },
          {
            call: {
              name: "shell",
              arguments: { command: ["bash", "-lc", "sleep 5; echo late > late.txt"], timeout_ms: 400 },
            },
          },
          { run: "git add -A && git commit -m 'refactor: patched'" },
          { say: "Patched." },
        ],
        failedEdits: [["src/c.js"]],
        failedCommands: ["cat missing.txt", "sleep 5; echo late > late.txt"],
      },
    ],
  },
];
