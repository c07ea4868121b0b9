// Parallel work in one repository: each entry contains only the work of its own run.
import { expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CODEX_VERSIONS } from "./clients.ts";
import { gitIn } from "./codex-session.ts";
import type { Step } from "./script.ts";
import { countCalls } from "./workers.ts";
import { WrapperSandbox } from "./wrapper-sandbox.ts";

type Name = "ada" | "bob";
type Plan = Record<Name, Step[]>;

/** Two models in lockstep: neither request of a step is answered before both have arrived. */
function inLockstep(plan: Plan, onStep: (step: number) => Promise<void>) {
  const gates = new Map<number, { waiting: Set<Name>; open: PromiseWithResolvers<void> }>();
  return async (body: unknown): Promise<Step> => {
    const name: Name = JSON.stringify(body).includes("This is for ada") ? "ada" : "bob";
    const step = countCalls(body);
    const gate = gates.get(step) ?? { waiting: new Set(), open: Promise.withResolvers<void>() };
    gates.set(step, gate);
    gate.waiting.add(name);
    if (gate.waiting.size === 2) void onStep(step).then(gate.open.resolve, gate.open.reject);
    await gate.open.promise;
    return plan[name][step] ?? { say: `Done, says ${name}.` };
  };
}

async function workTogether(
  version: string,
  plan: Plan,
  onStep: (step: number, sandbox: WrapperSandbox) => Promise<void>,
) {
  const files = {
    "ada.js": "export const ada = 0;\n",
    "bob.js": "export const bob = 0;\n",
    "editor.js": "export const editor = 0;\n",
    "make.mjs": 'import fs from "node:fs"; fs.writeFileSync(`made-by-$' + '{process.argv[2]}.txt`, "x");\n',
  };
  let current: WrapperSandbox | null = null;
  const script = inLockstep(plan, async (step) => {
    if (current !== null) await onStep(step, current);
  });
  const sandbox = await WrapperSandbox.create(version, { script, files });
  current = sandbox;
  const names: Name[] = ["ada", "bob"];
  const runs = await Promise.all(names.map((name) => sandbox.exec(name, `This is for ${name}`)));
  expect(runs.map(({ code }) => code)).toEqual([0, 0]);
  const entries = await sandbox.entries();
  expect(entries.map(({ label }) => label).sort()).toEqual(names);
  const [ada, bob] = names.map((name) => entries.find(({ label }) => label === name));
  if (ada === undefined || bob === undefined) throw new Error("an entry is missing");
  return { sandbox, ada, bob };
}

function edit(name: Name): Step {
  return {
    patch: `*** Begin Patch\n*** Update File: ${name}.js\n@@\n-export const ${name} = 0;\n+export const ${name} = 1;\n*** Add File: new-${name}.js\n+export {};\n*** End Patch\n`,
  };
}

function commit(name: Name): Step {
  return { run: `git add ${name}.js new-${name}.js && git commit --quiet --message 'feat: ${name}'` };
}

const PAUSE: Step = { run: "ls" };
const own = (name: Name) => ({ created: [`new-${name}.js`], modified: [`${name}.js`], deleted: [], moved: [] });

async function editorSaves(sandbox: WrapperSandbox, text: string): Promise<void> {
  await writeFile(join(sandbox.repository, "editor.js"), text);
  await writeFile(join(sandbox.repository, `by-editor-${text.length}.js`), text);
}

for (const version of CODEX_VERSIONS) {
  test(`Codex ${version}: with two runs and an editor each entry has only its own files and commits`, async () => {
    const plan: Plan = {
      ada: [edit("ada"), PAUSE, commit("ada"), PAUSE],
      bob: [edit("bob"), PAUSE, PAUSE, commit("bob")],
    };
    const together = await workTogether(version, plan, async (step, sandbox) => {
      await editorSaves(sandbox, "x".repeat(step + 1));
      if (step !== 3) return;
      await gitIn(sandbox.codex, sandbox.repository, "add", "editor.js");
      await gitIn(sandbox.codex, sandbox.repository, "commit", "--quiet", "--message", "feat: by hand");
    });
    await using sandbox = together.sandbox;
    for (const name of ["ada", "bob"] as const) {
      const { touched_files, commits } = together[name];
      const hash = (
        await gitIn(sandbox.codex, sandbox.repository, "log", "--format=%h", `--grep=^feat: ${name}`)
      ).trim();
      expect({ name, touched_files, commits }).toEqual({
        name,
        touched_files: own(name),
        commits: [{ hash, message: `feat: ${name}` }],
      });
    }
  }, 300_000);

  test(`Codex ${version}: files that scripts make are not in the entry of the other run`, async () => {
    const make = (name: Name): Step => ({ run: `node make.mjs ${name}` });
    const commitAll = (name: Name): Step => ({
      run: `sh -c "git add made-by-${name}.txt; git commit -q -m 'chore: ${name}'"`,
    });
    const plan: Plan = {
      ada: [edit("ada"), make("ada"), PAUSE, commitAll("ada"), PAUSE],
      bob: [edit("bob"), make("bob"), PAUSE, PAUSE, commitAll("bob")],
    };
    const together = await workTogether(version, plan, async (step, sandbox) => {
      await editorSaves(sandbox, "x".repeat(step + 1));
    });
    await using sandbox = together.sandbox;
    for (const name of ["ada", "bob"] as const) {
      const { touched_files, commits } = together[name];
      const { created, ...others } = touched_files;
      expect({ name, ...others }).toEqual({ name, modified: [`${name}.js`], deleted: [], moved: [] });
      expect(created.filter((path) => path !== `made-by-${name}.txt`)).toEqual([`new-${name}.js`]);
      expect(commits.map(({ message }) => message)).toEqual([`chore: ${name}`]);
    }
    expect(await gitIn(sandbox.codex, sandbox.repository, "log", "--format=%s")).toContain("chore: bob\nchore: ada\n");
  }, 300_000);

  test(`Codex ${version}: a file made by a script is in the entry, a file saved by an editor is not`, async () => {
    const steps: Step[] = [{ run: "node make.mjs ada" }, { say: "Made." }];
    let save = async () => {};
    let waitForSnapshots = async () => {};
    const script = async (body: unknown): Promise<Step> => {
      const step = countCalls(body);
      if (step === 0) await waitForSnapshots();
      if (step === 1) {
        // Only the time distinguishes the two: what is written within 50 ms of a command counts as its work.
        await Bun.sleep(700);
        await save();
      }
      return steps[step] ?? { say: "Made." };
    };
    const make = 'import fs from "node:fs"; fs.writeFileSync("made.txt", "x");';
    await using sandbox = await WrapperSandbox.create(version, { script, files: { "make.mjs": make } });
    waitForSnapshots = async () => await sandbox.waitForSnapshots();
    save = async () => await writeFile(join(sandbox.repository, "README.md"), "# Shop, by hand\n");
    expect((await sandbox.exec("Make it", "Run the script")).code).toBe(0);
    const [entry] = await sandbox.entries();
    expect(entry?.touched_files).toEqual({ created: ["made.txt"], modified: [], deleted: [], moved: [] });
    expect(await sandbox.read("README.md")).toBe("# Shop, by hand\n");
  }, 300_000);
}
