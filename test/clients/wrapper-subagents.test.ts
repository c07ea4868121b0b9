// A wrapped session with a subagent, which has its own log: its work is in the entry of the run.
import { expect, test } from "bun:test";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { scriptFor } from "../../scripts/recording/agent-script.ts";
import type { Subagent } from "../../scripts/recording/scenario.ts";
import { NEWEST_CODEX } from "./clients.ts";
import { collaborate, type Step } from "./script.ts";
import { WrapperSandbox } from "./wrapper-sandbox.ts";

const wait = collaborate("wait_agent", { timeout_ms: 20_000 });
const steps: [Step, ...Step[]] = [
  collaborate("spawn_agent", { task_name: "guide", message: "Write the guide now" }),
  wait,
  { say: "The guide is written." },
  collaborate("followup_task", { target: "guide", message: "Mention it in the readme" }),
  wait,
  { say: "The readme mentions it." },
];
const subagents: Subagent[] = [
  {
    prompt: "Write the guide now",
    steps: [
      { patch: "*** Begin Patch\n*** Add File: GUIDE.md\n+# Guide\n*** End Patch\n" },
      { run: "cat nothing.txt" },
      { say: "Written." },
    ],
  },
  {
    prompt: "Mention it in the readme",
    steps: [{ run: "echo 'See GUIDE.md.' >> README.md" }, { say: "Mentioned." }],
  },
];

test("the work of a subagent is in the entry and the pages of its run, and a backfill finds the same", async () => {
  const script = scriptFor({ prompt: "", steps, subagents });
  await using sandbox = await WrapperSandbox.create(NEWEST_CODEX, { script, model: "gpt-6-sol" });
  expect((await sandbox.exec("guide", "Have the guide written")).code).toBe(0);
  const [first] = await sandbox.entries();
  expect(first).toMatchObject({
    touched_files: { created: ["GUIDE.md"], modified: [] },
    bullets: expect.arrayContaining(["`cat nothing.txt` failed with exit status 1."]),
  });

  const resumed = await sandbox.exec(null, "resume", first?.session_id ?? "", "Say so in the readme");
  expect(resumed.code).toBe(0);
  const entries = await sandbox.entries();
  expect(entries[1]).toMatchObject({
    continuation_of_run_id: first?.run_id,
    touched_files: { created: [], modified: ["README.md"] },
  });
  expect(await sandbox.directories()).toHaveLength(1);
  const directory = join(sandbox.repository, first?.session_dir ?? "");
  expect(await readdir(join(directory, "subagents"))).toHaveLength(1);
  const page = await readFile(join(directory, "page-001.html"), "utf8");
  expect(page.match(/subagent<\/span> <code>guide<\/code>/g)).toHaveLength(2);

  await rm(join(sandbox.repository, ".changelog"), { recursive: true });
  await rm(join(sandbox.env.CODEX_HOME ?? "", "sessions"), { recursive: true });
  expect((await sandbox.ctx("changelog", "backfill")).code).toBe(0);
  const factsOf = ({ run_id, touched_files, bullets }: (typeof entries)[number]) => ({
    run_id,
    touched_files,
    bullets,
  });
  expect((await sandbox.entries()).map(factsOf)).toEqual(entries.map(factsOf));
}, 120_000);
