import { describe, expect, test } from "bun:test";
import type { CommandEvent, ObservedChange } from "../../../src/events/event.ts";
import { observedOperations } from "../../../src/evidence/files/observed-changes.ts";
import { readCommand } from "../../../src/evidence/shell/read-command.ts";
import { commandEvent } from "../events.ts";

const SHOP = "/home/dev/shop";

function commandWith(source: string, observedChanges: ObservedChange[]): CommandEvent {
  return commandEvent(source, { cwd: SHOP, observedChanges });
}

/** The operations derived from one file that changed while the command ran. */
function operationsOn(name: string, source: string, how: ObservedChange["how"] = "created") {
  return observedOperations(readCommand(commandWith(source, [{ path: `${SHOP}/${name}`, how }])), []);
}

describe("a file that changed while a command ran", () => {
  test.each([
    ["a script wrote it", "./build.sh", "dist.txt"],
    ["a program of unknown effect wrote it", "npm run build", "dist.txt"],
    ["the code names it", `node -e "require('fs').writeFileSync('note.txt', 'x')"`, "note.txt"],
    ["the command names it", "awk '{print > \"sub/out.txt\"}' a.txt", "sub/out.txt"],
  ])("is the command's where %s", (_, source, name) => {
    expect(operationsOn(name, source)).toMatchObject([{ operation: { kind: "add", path: `${SHOP}/${name}` } }]);
  });

  test.each([
    ["the code only waited", `node -e "setTimeout(() => {}, 2000)"`],
    ["another file was written", "echo x > other.txt"],
    ["tests ran", "npm test"],
    ["it only read", "sleep 4; ls"],
  ])("is not the command's where %s", (_, source) => {
    expect(operationsOn("editor.txt", source)).toEqual([]);
  });

  test("yields an operation by how it changed", () => {
    const kinds = (["created", "changed", "deleted", "unknown"] as const).map(
      (how) => operationsOn("a", "./x", how)[0]?.operation.kind,
    );
    expect(kinds).toEqual(["add", "change", "delete", "write"]);
  });

  test("is a guess where the command does not name it", () => {
    expect(operationsOn("dist.txt", "./build.sh")[0]?.isGuess).toBe(true);
    expect(operationsOn("dist.txt", "./build.sh dist.txt")[0]?.isGuess).toBe(false);
  });

  test("adds nothing to the operations of the command itself", () => {
    const event = commandWith("mv a.txt b.txt", [
      { path: `${SHOP}/a.txt`, how: "deleted" },
      { path: `${SHOP}/b.txt`, how: "created" },
    ]);
    const move = { kind: "move", from: { path: `${SHOP}/a.txt` }, to: `${SHOP}/b.txt`, changed: false } as const;
    expect(observedOperations(readCommand(event), [move])).toEqual([]);
  });
});
