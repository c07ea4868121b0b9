// Links that lead nowhere or out of the project, and pipes, where logs and session directories are: no command stops.
import { expect, test } from "bun:test";
import { mkdir, realpath, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encode, event, meta } from "../agents/codex/rollout.ts";
import { Sandbox } from "./sandbox.ts";

const ID = "01a201e4-cb84-7a11-a7c6-000000000001";

test("links that lead nowhere or out of the project, and a pipe among the logs, stop no command", async () => {
  await using sandbox = await Sandbox.create();
  await sandbox.run(["git", "init", "--quiet"]);
  const logs = join(sandbox.env.CODEX_HOME ?? "", "sessions/2026/11/22");
  await mkdir(logs, { recursive: true });
  const cwd = await realpath(sandbox.work);
  const prompt = event("user_message", { message: "Fix the cart" });
  const log = encode(meta(ID, { cwd }), prompt, event("agent_message", { message: "Done." }, 30));
  await writeFile(join(logs, `rollout-2026-11-22T06-00-00-${ID}.jsonl`), log);
  const record = ["export-latest", "--tool", "codex", "--changelog", "--changelog-evaluator", "builtin"];
  expect((await sandbox.ctx([...record, "--label", "First"])).status).toBe(0);

  const sessions = join(sandbox.work, ".codex/sessions");
  await symlink("loop", join(sessions, "loop"));
  await symlink("missing", join(sessions, "dangling"));
  await symlink(sandbox.root, join(sessions, "outside"));
  const logName = (n: number) => `rollout-2026-11-22T06-00-00-01a201e4-cb84-7a11-a7c6-00000000001${n}.jsonl`;
  await symlink(logName(1), join(logs, logName(1)));
  await symlink("missing", join(logs, logName(2)));
  await symlink(sandbox.root, join(logs, logName(3)));
  await sandbox.run(["mkfifo", join(logs, logName(4))]);
  const commands = [
    ["archive"],
    ["changelog", "backfill", "--evaluator", "builtin"],
    ["changelog", "sync", "--evaluator", "builtin"],
    ["find-source", "--tool", "codex"],
    [...record, "--label", "Again"],
  ];
  for (const command of commands) expect([command, (await sandbox.ctx(command)).status]).toEqual([command, 0]);
});
