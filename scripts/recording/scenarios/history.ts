// Commits of every kind: root, amended, merged, on a detached HEAD, on a branch with `.` and `#` in its name.
import type { Scenario } from "../scenario.ts";

const add = (path: string, text: string) => ({
  patch: `*** Begin Patch\n*** Add File: ${path}\n+${text}\n*** End Patch\n`,
});

export const history: readonly Scenario[] = [
  {
    name: "0.154.0-history",
    version: "0.154.0",
    model: "gpt-5.4",
    folder: "fresh",
    files: {},
    runs: [
      {
        prompt: "Start a project with a cart, and mend its rounding on a branch",
        flags: ["--skip-git-repo-check"],
        steps: [
          add("cart.js", "export const total = 0;"),
          { run: "git init -q -b main && git add -A && git commit -m 'feat: first cart'" },
          {
            run: "git checkout -q -b 'fix/a.b#1' && echo 'export const round = 1;' > round.js && git add -A && git commit -m 'fix: rounding'",
          },
          { run: "echo 'export const up = 2;' >> round.js && git commit -a --amend -m 'fix: round up'" },
          {
            run: "git checkout -q main && echo '# Cart' > README.md && git add README.md && git commit -q -m 'docs: readme'",
          },
          { run: "git merge --no-ff -m 'Merge the rounding fix' 'fix/a.b#1'" },
          { run: "git checkout -q --detach" },
          add("try.js", "export {};"),
          { run: "git add -A && git commit -m 'chore: detached try'" },
          { say: "The cart rounds up." },
        ],
        inLog: { commits: ["feat: first cart", "fix: round up", "chore: detached try"] },
      },
      {
        prompt: "Give the try a better name, and take back the readme",
        flags: ["--skip-git-repo-check"],
        steps: [
          { run: "git mv try.js attempt.js && git commit -q --amend --no-edit" },
          { run: "git revert --no-edit HEAD~2" },
          { run: "git commit --allow-empty -m 'chore: empty'" },
          { run: "git log --oneline -5; git show --stat HEAD~1" },
          { run: "git commit -m 'nothing to commit'" },
          { run: "echo 'git commit -m \"feat: not a commit\"'" },
          { say: "Renamed." },
        ],
        failedCommands: ["git commit -m 'nothing to commit'"],
        inLog: { commits: ['Revert "docs: readme"', "chore: empty"] },
      },
    ],
  },
  {
    name: "0.154.0-picked",
    version: "0.154.0",
    model: "gpt-5.4",
    folder: "shop",
    files: { "a.txt": "a\n", "b.txt": "b\n", "c.txt": "c\n" },
    setup: `
      git remote add origin git@github.com:acme/shop.git
      git switch -q -c feature
      echo more >> b.txt
      git commit -qam 'feat: more b'
      git switch -q main
    `,
    runs: [
      {
        prompt: "Bring the feature over, with two small changes of its own",
        steps: [
          { run: "git cherry-pick feature" },
          { together: [{ run: "cat a.txt" }, { run: "cat c.txt" }] },
          {
            run: "echo 1 > one.txt && git add one.txt && git commit -m 'feat: one' -m 'With a body that explains.' && echo 2 > two.txt && git add two.txt && git commit -F - <<'MESSAGE'\nfeat: two\n\nBody of two.\nMESSAGE",
          },
          { run: "git -C /home/dev/shop tag v1 && git stash list" },
          { run: "rm c.txt && git checkout -- c.txt" },
          { say: "All there." },
        ],
        inLog: { touchedFiles: { created: ["one.txt", "two.txt"] } },
      },
    ],
  },
];
