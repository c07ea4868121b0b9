// The patch grammar of `apply_patch`.
import type { FileChange } from "../../events/event.ts";

const HEADER = /^\*\*\* (Add|Update|Delete) File: (.+)$/;
const MOVE = /^\*\*\* Move to: (.+)$/;

/** The file changes a patch asks for; none when the text is no patch. */
export function parsePatch(patch: string): FileChange[] {
  const changes: FileChange[] = [];
  let body: string[] = [];
  const close = () => {
    const change = changes.at(-1);
    if (change !== undefined && body.length > 0) change.diff = diffOf(change, body);
    body = [];
  };
  for (const line of patch.split("\n")) {
    const header = HEADER.exec(line.trimEnd());
    const move = MOVE.exec(line.trimEnd());
    const last = changes.at(-1);
    if (header?.[1] !== undefined && header[2] !== undefined) {
      close();
      changes.push({ type: typeOf(header[1]), path: header[2].trim(), movedTo: null, diff: null });
    } else if (move?.[1] !== undefined && last?.type === "update" && body.length === 0) {
      last.movedTo = move[1].trim();
    } else if (line.startsWith("*** End Patch")) {
      break;
    } else if (last !== undefined && !line.startsWith("*** End of File")) {
      body.push(line);
    }
  }
  close();
  return changes;
}

/** An added file's lines are all `+` lines: its diff is its whole text. */
function diffOf(change: FileChange, body: string[]): string | null {
  if (change.type === "delete") return null;
  if (change.type === "update") return `${body.join("\n")}\n`;
  return body.map((line) => `${line.startsWith("+") ? line.slice(1) : line}\n`).join("");
}

function typeOf(word: string): FileChange["type"] {
  return word === "Add" ? "add" : word === "Delete" ? "delete" : "update";
}
