import { expect, test } from "bun:test";
import { checkoutsOf } from "../../../src/evidence/git/checkouts.ts";
import { readCommand } from "../../../src/evidence/shell/read-command.ts";
import { commandEvent } from "../events.ts";

/** `path of folder` for a worktree, `path is folder` for a renamed folder. */
function made(command: string, exitCode: number | null = 0): string[] {
  const checkouts = checkoutsOf(readCommand(commandEvent(command, { exitCode })));
  return checkouts.map(({ path, of, isRenamed }) => `${path} ${isRenamed ? "is" : "of"} ${of}`);
}

const cases: [command: string, expected: string[]][] = [
  ["git worktree add ../shop-wt -b feature", ["/home/dev/shop-wt of /home/dev/shop"]],
  ["git worktree add -q -b feature --lock --reason 'in use' /tmp/wt main", ["/tmp/wt of /home/dev/shop"]],
  ["git -C api worktree add ../wt", ["/home/dev/shop/wt of /home/dev/shop/api"]],
  ["cd .. && git -C shop worktree add ../wt && cd wt", ["/home/dev/wt of /home/dev/shop"]],
  ["git worktree move ../old ../new", ["/home/dev/new of /home/dev/shop"]],
  ["git worktree list; git worktree remove ../wt; git worktree prune", []],
  ["cd .. && mv shop store", ["/home/dev/shop is /home/dev/store"]],
  ["mv a.js src/", []],
];
for (const [command, expected] of cases) {
  test(`the checkouts that \`${command}\` makes`, () => expect(made(command)).toEqual(expected));
}

test("a command that failed makes no checkout", () => {
  expect(made("git worktree add ../wt", 128)).toEqual([]);
});
