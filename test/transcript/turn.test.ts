// The recorded sessions of real clients: what the timeline tells of files, held against what git saw.
import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { TOOLS } from "../../src/agents/tools.ts";
import { readEvents, readHead } from "../../src/sessions/read.ts";
import { Turn } from "../../src/transcript/turn.ts";

const FIXTURES = resolve(import.meta.dir, "../fixtures");

interface Window {
  session_id?: string;
  subagent?: boolean;
  expect: { touched_files: { created: string[]; modified: string[]; deleted: string[]; moved: { to: string }[] } };
}

/** What only a script knows of, what git ignores, and what earlier windows of a copied session did. */
const OTHERWISE: Record<string, { untold?: string[]; besides?: string[] }> = {
  "claude/2.1.330-bash": { untold: ["made by script.txt", "old/b.txt"] },
  "claude/2.1.330-resumed": { besides: ["alpha.js", "beta.js", "gamma.js"] },
  "codex/0.101.0-files": { untold: ["long list.txt", "src/deep/d.js"], besides: ["build.log", "src/c.js"] },
  "codex/0.101.0-fork": { besides: ["cart.js"] },
  "codex/0.142.0-fork": { besides: ["cart.js"] },
  "codex/0.154.0-history": { untold: ["try.js"] },
  "codex/0.154.0-picked": { untold: ["b.txt"] },
  "codex/0.154.0-runners": { untold: ["Cargo.lock"] },
  "codex/0.169.0-python": {
    untold: ["docs/neue seite/straße.md", "docs/über uns.md", "legacy/a.py", "legacy/deep/b.py"],
    besides: ["out/run.log"],
  },
};

/** Its session did not begin in the project's root, from which git tells. */
const ELSEWHERE = "codex/0.154.0-subfolder";

const recordings = TOOLS.flatMap((tool) => readdirSync(join(FIXTURES, tool)).map((name) => ({ tool, name })));
for (const { tool, name } of recordings.filter(({ tool, name }) => `${tool}/${name}` !== ELSEWHERE)) {
  const folder = join(FIXTURES, tool, name);
  const truth: { session_id: string; windows: Window[]; files: string[] } = JSON.parse(
    readFileSync(join(folder, "truth.json"), "utf8"),
  );
  const idOf = (window: Window) => window.session_id ?? truth.session_id;
  for (const id of new Set(truth.windows.filter((window) => window.subagent !== true).map(idOf))) {
    test(`what the log of ${tool} ${name}, session ${id}, tells of files is so`, async () => {
      const log = { tool, path: join(folder, truth.files.find((path) => path.includes(id)) ?? "") };
      const conversation = new Turn(1, (await readHead(log)).cwd);
      await readEvents(log, { from: 0, to: Number.POSITIVE_INFINITY }, (event) => conversation.push(event));
      const changed = truth.windows.filter((window) => idOf(window) === id).flatMap(filesOf);
      const { untold = [], besides = [] } = OTHERWISE[`${tool}/${name}`] ?? {};
      const told = new Set([...changed.filter((path) => !untold.includes(path)), ...besides]);
      expect(conversation.summary().files.toSorted()).toEqual([...told].sort());
    });
  }
}

function filesOf({ expect: { touched_files } }: Window): string[] {
  const { created, modified, deleted, moved } = touched_files;
  return [...created, ...modified, ...deleted, ...moved.map(({ to }) => to)];
}
