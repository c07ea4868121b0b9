import { expect, test } from "bun:test";
import { decodePath, shellSource } from "../../../src/agents/codex/shell-source.ts";

test.each([
  [["bash", "-lc", "npm test"], "npm test"],
  [["/bin/zsh", "-lc", "a && b"], "a && b"],
  [["/usr/bin/sh", "-c", "ls"], "ls"],
  [["bash", "-c", "echo $0", "me"], "echo $0"],
  [["powershell.exe", "-NoProfile", "-Command", "Get-ChildItem"], "Get-ChildItem"],
  [["C:\\Program Files\\PowerShell\\7\\pwsh.exe", "-Command", "ls"], "ls"],
  [["cmd.exe", "/c", "dir", "/b"], "dir /b"],
  [["git", "commit", "-m", "it's done"], "git commit -m 'it'\\''s done'"],
  [["cat", "my file.txt", ""], "cat 'my file.txt' ''"],
  [["bash", "script.sh"], "bash script.sh"],
  [["mybash", "-c", "x"], "mybash -c x"],
  [["bash", "-lc"], "bash -lc"],
  [[], ""],
])("the source of %p is `%s`", (argv, source) => {
  expect(shellSource(argv)).toBe(source);
});

test.each([
  ["file:///home/dev/my%20shop%20%C3%A9", "/home/dev/my shop é"],
  ["/home/dev/100%25", "/home/dev/100%25"],
  ["web", "web"],
  [null, null],
])("the path %p decodes to %p", (cwd, path) => {
  expect(decodePath(cwd)).toBe(path);
});

test("a path that cannot be decoded is kept", () => {
  expect(decodePath("file:///home/%zz")).toContain("/home/%zz");
});
