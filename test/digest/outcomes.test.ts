import { expect, test } from "bun:test";
import { outcomesOf } from "../../src/digest/outcomes.ts";

const ran = (command: string, exitCode: number | null = 0, output = "") =>
  outcomesOf({ command, outcome: exitCode === 0 ? "ok" : "failed", exitCode, output }).map(
    ({ kind, result }) => `${kind} ${result}`,
  );

test.each<[string, string[]]>([
  ["git push origin main", ["pushed done"]],
  ["git -C app push --force-with-lease", ["pushed done", "force_pushed done"]],
  ["git commit -qm x && git push -q && git tag v1.0.0", ["pushed done", "tagged done"]],
  ["git merge feature", ["merged done"]],
  ["git switch -c port", ["branch_created done"]],
  ["git branch -D port", ["branch_deleted done"]],
  ["git revert --no-edit HEAD", ["reverted done"]],
  ["gh pr create --fill", ["pr_opened done"]],
  ["gh pr merge 57 --squash", ["pr_merged done"]],
  ["gh release create v1.0.0 --notes x", ["released done"]],
  ["timeout 60 npm publish --access public", ["published done"]],
  ["cargo publish", ["published done"]],
  ["docker push acme/shop:1.5", ["published done"]],
  ["./deploy.sh staging", ["deployed done"]],
  ["npm run deploy:staging", ["deployed done"]],
  ["kubectl apply -f k8s/", ["deployed done"]],
  ["npm run build && npx eslint src", ["built done", "linted done"]],
  ["npm install --save-dev eslint", ["installed done"]],
])("%s", (command, expected) => expect(ran(command)).toEqual(expected));

test.each([
  "npm publish --dry-run",
  "git push --dry-run origin main",
  "git tag --list",
  "git merge --abort",
  "cat deploy.sh",
  "grep -rn publish src",
  "sed -i s/a/b/ deploy.sh",
  "chmod +x scripts/release.sh",
  "echo 'deployed to production'",
  "ls dist",
])("%s has no outcome", (command) => expect(ran(command)).toEqual([]));

test("a failed command has a failed outcome, a refused one has none", () => {
  expect(ran("git push origin main", 1)).toEqual(["pushed failed"]);
  expect(ran("npm run build; git push", 1)).toEqual(["built unknown", "pushed failed"]);
  const refused = { command: "git push", outcome: "refused" as const, exitCode: null, output: "" };
  expect(outcomesOf(refused)).toEqual([]);
});
