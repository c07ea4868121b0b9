import { describe, expect, test } from "bun:test";
import type { CommandEvent, ObservedChange } from "../../../src/events/event.ts";
import { seenOperations } from "../../../src/evidence/files/seen.ts";
import { readShell } from "../../../src/evidence/shell/shell.ts";

const SHOP = "/home/dev/shop";

function command(source: string, seen: ObservedChange[]): CommandEvent {
  return {
    ...{ kind: "command", at: null, offset: 0, turn: null, agent: null, id: "c1", cwd: SHOP, command: source },
    ...{ outcome: "ok", exitCode: 0, output: "", startedAt: null, durationMs: null, observedChanges: seen },
  };
}

/** What is taken of a file that was seen to be made while the command ran. */
function taken(source: string, name: string, how: ObservedChange["how"] = "created") {
  const event = command(source, [{ path: `${SHOP}/${name}`, how }]);
  return seenOperations(readShell(source, { status: "zero", output: "" }), event, []);
}

describe("a file that was seen to change while a command ran", () => {
  test.each([
    ["a script wrote it", "./build.sh", "dist.txt"],
    ["a program that nobody sees through wrote it", "npm run build", "dist.txt"],
    ["the code names it", `node -e "require('fs').writeFileSync('note.txt', 'x')"`, "note.txt"],
    ["the command names it", "awk '{print > \"sub/out.txt\"}' a.txt", "sub/out.txt"],
  ])("is the command's where %s", (_, source, name) => {
    expect(taken(source, name)).toMatchObject([{ operation: { kind: "add", path: `${SHOP}/${name}` } }]);
  });

  test.each([
    ["code only waited", `node -e "setTimeout(() => {}, 2000)"`],
    ["another file was written", "echo x > other.txt"],
    ["tests ran", "npm test"],
    ["it only read", "sleep 4; ls"],
  ])("is somebody else's where %s", (_, source) => {
    expect(taken(source, "editor.txt")).toEqual([]);
  });

  test("is told by how it changed, as far as that was seen", () => {
    const kinds = (["created", "changed", "deleted", "unknown"] as const).map(
      (how) => taken("./x", "a", how)[0]?.operation.kind,
    );
    expect(kinds).toEqual(["add", "change", "delete", "write"]);
  });

  test("is a guess where the command does not name it", () => {
    expect(taken("./build.sh", "dist.txt")[0]?.isGuess).toBe(true);
    expect(taken("./build.sh dist.txt", "dist.txt")[0]?.isGuess).toBe(false);
  });

  test("adds nothing to what the command tells itself", () => {
    const event = command("mv a.txt b.txt", [
      { path: `${SHOP}/a.txt`, how: "deleted" },
      { path: `${SHOP}/b.txt`, how: "created" },
    ]);
    const move = { kind: "move", from: { path: `${SHOP}/a.txt` }, to: `${SHOP}/b.txt`, changed: false } as const;
    expect(seenOperations(readShell(event.command, { status: "zero", output: "" }), event, [move])).toEqual([]);
  });
});
