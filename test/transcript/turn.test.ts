// Compares the files of the timeline with what git recorded, for recorded sessions of real clients.
import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { TOOLS } from "../../src/agents/registry.ts";
import { readEvents, readHead } from "../../src/sessions/read.ts";
import { Turn } from "../../src/transcript/turn.ts";

const FIXTURES = resolve(import.meta.dir, "../fixtures");

interface Window {
  session_id?: string;
  subagent?: boolean;
  expect: { touched_files: { created: string[]; modified: string[]; deleted: string[]; moved: { to: string }[] } };
}

/**
 * Known differences. `missing`: files changed by a script, which the log does not show. `extra`: files that git
 * ignores, or that were changed in an earlier window of a copied session.
 */
const DIFFERENCES: Record<string, { missing?: string[]; extra?: string[] }> = {
  "claude/2.1.330-bash": { missing: ["made by script.txt", "old/b.txt"] },
  "claude/2.1.330-resumed": { extra: ["alpha.js", "beta.js", "gamma.js"] },
  "codex/0.101.0-files": { missing: ["long list.txt", "src/deep/d.js"], extra: ["build.log", "src/c.js"] },
  "codex/0.101.0-fork": { extra: ["cart.js"] },
  "codex/0.142.0-fork": { extra: ["cart.js"] },
  "codex/0.154.0-history": { missing: ["try.js"] },
  "codex/0.154.0-picked": { missing: ["b.txt"] },
  "codex/0.154.0-runners": { missing: ["Cargo.lock"] },
  "codex/0.169.0-python": {
    missing: ["docs/neue seite/straße.md", "docs/über uns.md", "legacy/a.py", "legacy/deep/b.py"],
    extra: ["out/run.log"],
  },
};

/** Its session started below the project's root, but git's paths are relative to the root. */
const SUBFOLDER = "codex/0.154.0-subfolder";

const recordings = TOOLS.flatMap((tool) => readdirSync(join(FIXTURES, tool)).map((name) => ({ tool, name })));
for (const { tool, name } of recordings.filter(({ tool, name }) => `${tool}/${name}` !== SUBFOLDER)) {
  const folder = join(FIXTURES, tool, name);
  const truth: { session_id: string; windows: Window[]; files: string[] } = JSON.parse(
    readFileSync(join(folder, "truth.json"), "utf8"),
  );
  const idOf = (window: Window) => window.session_id ?? truth.session_id;
  for (const id of new Set(truth.windows.filter((window) => window.subagent !== true).map(idOf))) {
    test(`the changed files of ${tool} ${name}, session ${id}, match git`, async () => {
      const log = { tool, path: join(folder, truth.files.find((path) => path.includes(id)) ?? "") };
      const turn = new Turn(1, (await readHead(log)).cwd);
      await readEvents(log, { from: 0, to: Number.POSITIVE_INFINITY }, (event) => turn.push(event));
      const changed = truth.windows.filter((window) => idOf(window) === id).flatMap(filesOf);
      const { missing = [], extra = [] } = DIFFERENCES[`${tool}/${name}`] ?? {};
      const expected = new Set([...changed.filter((path) => !missing.includes(path)), ...extra]);
      expect(turn.summary().files.toSorted()).toEqual([...expected].sort());
    });
  }
}

function filesOf({ expect: { touched_files } }: Window): string[] {
  const { created, modified, deleted, moved } = touched_files;
  return [...created, ...modified, ...deleted, ...moved.map(({ to }) => to)];
}
