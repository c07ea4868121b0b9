// Many logs of both tools and of every kind, in repositories, worktrees and other folders.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../../src/system/spawn.ts";
import { MAKERS, type MadeLog, smallSession } from "./made-sessions.ts";
import type { SyncHome } from "./sync-home.ts";

const REPOSITORIES = 20;

/** The expected result of a sync. */
export interface Expected {
  /** The repositories and worktrees. */
  roots: string[];
  /** The repository of each session. */
  places: Map<string, string>;
  /** Sessions that fit several repositories, or none. */
  several: Set<string>;
  nowhere: Set<string>;
}

export async function makeManyLogs(home: SyncHome, count: number): Promise<Expected> {
  const roots: string[] = [];
  for (let index = 0; index < REPOSITORIES; index += 1) roots.push(await makeRoot(home, index, roots));
  const expected: Expected = { roots, places: new Map(), several: new Set(), nowhere: new Set() };
  for (let index = 0; index < count; index += 1) keepOne(home, index, expected);
  return expected;
}

/** Every fifth folder is a worktree of the repository before it. */
async function makeRoot(home: SyncHome, index: number, roots: readonly string[]): Promise<string> {
  const name = `project ${index}`;
  const before = roots.at(-1);
  const root = index % 5 === 4 && before !== undefined ? join(home.base, name) : await home.repository(name);
  if (index % 5 === 4 && before !== undefined) {
    await run(["git", "-C", before, "worktree", "add", "--quiet", "--detach", root]);
  }
  mkdirSync(join(root, "packages/deep"), { recursive: true });
  return root;
}

function keepOne(home: SyncHome, index: number, { roots, places, several, nowhere }: Expected): void {
  const root = roots[index % roots.length] ?? "";
  const other = roots[(index + 1) % roots.length] ?? "";
  const tool = index % 2 === 0 ? "codex" : "claude";
  const place = ({ id }: MadeLog) => places.set(id, root);
  // The evidence for the repository of a session, and the form of its log.
  switch (Math.floor(index / 2) % 10) {
    case 0:
      // The session started in a folder above all repositories and edited files in one of them.
      place(keep(home, smallSession(index, { cwd: home.base, edits: [join(root, "x.js")] })));
      return;
    case 1:
      place(keep(home, smallSession(index, { cwd: join(root, "packages/deep"), edits: ["x.js"] })));
      return;
    case 2:
      several.add(keep(home, smallSession(index, { cwd: root, edits: ["x.js", join(other, "x.js")] })).id);
      return;
    case 3:
      nowhere.add(keep(home, smallSession(index, { cwd: join(home.base, "gone"), edits: ["x.js"] })).id);
      return;
    case 4:
      if (tool === "codex") home.addLog(MAKERS.codex(index, root), { compressed: index % 4 === 0, archived: true });
      else home.addLog(MAKERS.claude(index, root, 2));
      place(MAKERS[tool](index, root));
      return;
    default:
      place(keep(home, MAKERS[tool](index, root)));
  }
}

function keep(home: SyncHome, session: MadeLog): MadeLog {
  home.addLog(session);
  return session;
}
