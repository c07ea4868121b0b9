// Edits in the logs of Codex: patches, their outcome and their diffs.
import { describe, expect, test } from "bun:test";
import { CWD, call, custom, customOutput, event, type Fields, item, only, output, parse } from "./rollout.ts";

const PATCH = `*** Begin Patch
*** Add File: src/lock.js
+export function lock() {
+}
*** Update File: src/cart.js
@@ total
-a
+b
*** End Patch
`;
const CHANGES = [
  { type: "add", path: "src/lock.js", movedTo: null, diff: "export function lock() {\n}\n" },
  { type: "update", path: "src/cart.js", movedTo: null, diff: "@@ total\n-a\n+b\n" },
];
const SUCCESS = "Success. Updated the following files:\nA src/lock.js\nM src/cart.js\n";

const edits = (...records: (Fields | string)[]) => only("edit", parse(...records));
const shell = (command: string) => call("c1", "shell_command", { command });
const ended = (code: number, text: string) =>
  output("c1", `Exit code: ${code}\nWall time: 0 seconds\nOutput:\n${text}`);

describe("patches", () => {
  test("a patch that applied", () => {
    const result = JSON.stringify({ output: SUCCESS, metadata: { exit_code: 0, duration_seconds: 0 } });
    expect(edits(custom("c1", "apply_patch", PATCH), customOutput("c1", result))).toMatchObject([
      { id: "c1", outcome: "ok", cwd: CWD, changes: CHANGES, error: null },
    ]);
  });

  test("a patch passed as a function argument", () => {
    expect(edits(call("c1", "apply_patch", { input: PATCH }), ended(0, SUCCESS))).toMatchObject([
      { outcome: "ok", changes: CHANGES },
    ]);
  });

  test("a patch that does not apply failed, with its error", () => {
    const error = "apply_patch verification failed: Failed to find expected lines in /x:\nblocked by policy";
    expect(edits(custom("c1", "apply_patch", PATCH), customOutput("c1", error))).toMatchObject([
      { outcome: "failed", error },
    ]);
  });

  test("a patch that the person rejected was refused", () => {
    expect(edits(custom("c1", "apply_patch", PATCH), customOutput("c1", "patch rejected by user"))).toMatchObject([
      { outcome: "refused" },
    ]);
  });
});

describe("heredocs", () => {
  const heredoc = `apply_patch <<'PATCH'\n${PATCH}PATCH\n`;

  test("a patch passed to the shell is an edit, not a command", () => {
    const parsed = parse(shell(heredoc), ended(0, SUCCESS));
    expect(only("edit", parsed)).toMatchObject([{ id: "c1", outcome: "ok", cwd: CWD, changes: CHANGES }]);
    expect(only("command", parsed)).toEqual([]);
  });

  test("a patch as an argument of the shell call is an edit", () => {
    const made = call("c1", "shell", { command: ["apply_patch", PATCH] });
    expect(edits(made, ended(0, SUCCESS))).toMatchObject([{ outcome: "ok", changes: CHANGES }]);
  });

  test("a patch passed to the shell that does not apply failed", () => {
    const made = parse(shell(heredoc), output("c1", "apply_patch verification failed: no such file"));
    expect(only("edit", made)).toMatchObject([{ outcome: "failed" }]);
    expect(only("command", made)).toEqual([]);
  });

  test("paths of a patch are relative to the directory of the last `cd`", () => {
    expect(edits(shell(`cd web && ${heredoc}`), ended(0, SUCCESS))).toMatchObject([{ cwd: `${CWD}/web` }]);
    expect(edits(shell(`cd '/home/dev/my shop' && ${heredoc}`), ended(0, SUCCESS))).toMatchObject([
      { cwd: "/home/dev/my shop" },
    ]);
  });

  test("a command beside the patch is an event too, and the message of the patch decides its outcome", () => {
    const parsed = parse(shell(`${heredoc}npm test`), ended(1, `${SUCCESS}1 failed\n`));
    expect(only("edit", parsed)).toMatchObject([{ outcome: "ok", changes: CHANGES }]);
    expect(only("command", parsed)).toMatchObject([{ id: "c1", command: `${heredoc}npm test`, outcome: "failed" }]);
  });

  test("several patches in one command are several edits", () => {
    const made = edits(shell(`${heredoc}${heredoc}`), ended(0, SUCCESS + SUCCESS));
    expect(made.map(({ id, outcome }) => [id, outcome])).toEqual([
      ["c1", "ok"],
      ["c1.2", "ok"],
    ]);
  });

  test("a heredoc to another program is a command", () => {
    const parsed = parse(shell(`cat > notes <<'EOF'\napply_patch <<X\nEOF\n`), ended(0, ""));
    expect(only("edit", parsed)).toEqual([]);
    expect(only("command", parsed)).toHaveLength(1);
  });

  test.each([
    ["piped into it", `cat <<'EOF' | apply_patch\n${PATCH}EOF\n`],
    ["with leading tabs removed", `apply_patch <<-EOF\n${PATCH.replace(/^/gm, "\t")}EOF\n`],
    ["as its argument", `apply_patch '${PATCH}'`],
    ["in a group", `{ apply_patch <<EOF\n${PATCH}EOF\n}`],
    ["under its old name", `applypatch <<"EOF"\n${PATCH}EOF`],
  ])("a patch %s", (_name, source) => {
    const parsed = parse(shell(source), ended(0, SUCCESS));
    expect(only("edit", parsed)).toMatchObject([{ changes: CHANGES }]);
    expect(only("command", parsed)).toEqual([]);
  });

  test("a directory that the script computes is unknown", () => {
    expect(edits(shell(`cd "$DIR" && ${heredoc}`), ended(0, SUCCESS))).toMatchObject([{ cwd: null }]);
    expect(edits(shell(`(cd web && ${heredoc}); ${heredoc}`), ended(0, SUCCESS)).map(({ cwd }) => cwd)).toEqual([
      `${CWD}/web`,
      CWD,
    ]);
  });

  test("a patch in a condition stays part of the command", () => {
    const parsed = parse(shell(`if true; then ${heredoc}fi`), ended(0, SUCCESS));
    expect(only("edit", parsed)).toEqual([]);
    expect(only("command", parsed)).toHaveLength(1);
  });

  test("an unfinished heredoc ends with the script, as in a shell", () => {
    expect(edits(shell(`apply_patch <<'PATCH'\n${PATCH}`), ended(0, SUCCESS))).toMatchObject([{ changes: CHANGES }]);
  });

  test("a script that only mentions patches is a command", () => {
    const parsed = parse(shell("grep -rn 'apply_patch' docs # *** Begin Patch"), ended(0, ""));
    expect(parsed.events.map(({ kind }) => kind)).toEqual(["command"]);
  });
});

describe("file-change items", () => {
  const change = (more: Fields = {}) =>
    item("FileChange", {
      id: "c1",
      changes: {
        "/home/dev/shop/a.js": { type: "add", content: "x\n" },
        "/home/dev/shop/b.js": { type: "update", unified_diff: "@@ -1 +1 @@\n", move_path: "/home/dev/shop/c.js" },
        "/home/dev/shop/d.js": { type: "delete", content: "gone\n" },
      },
      status: "completed",
      stdout: SUCCESS,
      stderr: "",
      ...more,
    });

  test("an item lists each changed file", () => {
    expect(edits(change())).toMatchObject([
      {
        outcome: "ok",
        changes: [
          { type: "add", path: "/home/dev/shop/a.js", movedTo: null, diff: "x\n" },
          { type: "update", path: "/home/dev/shop/b.js", movedTo: "/home/dev/shop/c.js", diff: "@@ -1 +1 @@\n" },
          { type: "delete", path: "/home/dev/shop/d.js", movedTo: null, diff: null },
        ],
      },
    ]);
  });

  test("a failed item is a failed edit, a declined item a refused one", () => {
    expect(edits(change({ status: "failed", stderr: "no" }))).toMatchObject([{ outcome: "failed", error: "no" }]);
    expect(edits(change({ status: "declined" }))).toMatchObject([{ outcome: "refused" }]);
  });

  test("a call and its item are one edit", () => {
    const made = custom("c1", "apply_patch", PATCH);
    expect(edits(made, change(), customOutput("c1", SUCCESS))).toHaveLength(1);
    expect(edits(made, customOutput("c1", SUCCESS), change())).toHaveLength(1);
  });

  test("the end event of older versions is an edit", () => {
    const end = event("patch_apply_end", { call_id: "c1", success: false, stderr: "no", changes: {} });
    expect(edits(custom("c1", "apply_patch", PATCH), end, customOutput("c1", "no"))).toMatchObject([
      { outcome: "failed", error: "no" },
    ]);
  });
});
