// `ctx archive` on exported sessions.
import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdir, readFile, realpath, symlink, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { encode, event, meta } from "../../agents/codex/rollout.ts";
import { Sandbox } from "../sandbox.ts";

const IDS = ["01a201e4-cb84-7a11-a7c6-000000000001", "01a201e4-cb84-7a11-a7c6-000000000002"];
const SECRET = `ghp_${"a1B2".repeat(9)}`;

/** A sandbox whose repository has two exported sessions of Codex, and one of Claude Code. */
async function withSessions(): Promise<Sandbox> {
  const sandbox = await Sandbox.create();
  await sandbox.run(["git", "init", "--quiet"]);
  const folder = join(sandbox.env.CODEX_HOME ?? "", "sessions/2026/11/22");
  await mkdir(folder, { recursive: true });
  const cwd = await realpath(sandbox.work);
  for (const [index, id] of IDS.entries()) {
    const at = index * 60;
    const prompt = event("user_message", { message: "Fix the cart" }, at);
    const log = encode(meta(id, { cwd }, at), prompt, event("agent_message", { message: "Done." }, at + 30));
    await writeFile(join(folder, `rollout-2026-11-22T06-00-00-${id}.jsonl`), log);
    const recorded = ["--changelog", "--changelog-actor", "ada", "--changelog-evaluator", "builtin"];
    const label = index === 0 ? "First & #1" : `Second ${SECRET}`;
    await sandbox.ctx(["export-latest", "--tool", "codex", "--session-id", id, "--label", label, ...recorded]);
  }
  const claude = join(sandbox.work, ".claude/sessions/2026-11-20-0600_Older");
  await mkdir(claude, { recursive: true });
  const row = {
    schema_version: 2,
    run_id: "0123456789abcdef",
    session_id: "c1",
    label: "Older",
    first_at: "2026-11-20T06:00:00.000Z",
  };
  await writeFile(join(claude, "export_runs.jsonl"), `${JSON.stringify(row)}\n`);
  return sandbox;
}

test("lists every session, newest first, with a link to its transcript", async () => {
  await using sandbox = await withSessions();
  const { status, stdout, stderr } = await sandbox.ctx(["archive"]);
  const index = join(await realpath(sandbox.work), ".ai-code-sessions/index.html");
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: `${index}\n`, stderr: "listed 3 sessions\n" });
  const page = await readFile(index, "utf8");
  const titles = [...page.matchAll(/<h3>(?:<a href="([^"]*)">)?([^<]*)/g)].map(([, href = "", title]) => [title, href]);
  expect(titles.map(([title]) => title)).toEqual(["Second [REDACTED:github-token]", "First &amp; #1", "Older"]);
  const recordedIn = [...page.matchAll(/entry by <a href="([^"]*)">ada</g)].map(([, href = ""]) => href);
  expect(recordedIn).toHaveLength(2);
  for (const href of [titles[0]?.[1] ?? "", titles[1]?.[1] ?? "", ...recordedIn]) {
    expect(existsSync(resolve(dirname(index), decodeURIComponent(href)))).toBe(true);
  }
  expect(titles[2]?.[1]).toBe("");
  expect(page).toContain("Codex, 30.0 s, 1 prompt</p>");
  expect(page).toContain("3 runs on 2 days, 2026-11-20 to 2026-11-22");
  expect((await sandbox.run(["git", "status", "--porcelain", ".ai-code-sessions"])).stdout).toBe("");
});

test("writes the same page again for the same sessions", async () => {
  await using sandbox = await withSessions();
  const first = await readFile((await sandbox.ctx(["archive"])).stdout.trimEnd(), "utf8");
  expect(await readFile((await sandbox.ctx(["archive"])).stdout.trimEnd(), "utf8")).toBe(first);
});

test("writes to `--output`, but never overwrites a transcript or a page of the user's", async () => {
  await using sandbox = await withSessions();
  const { stdout } = await sandbox.ctx(["archive", "-o", "public/all", "--json"]);
  const folder = await realpath(sandbox.work);
  expect(JSON.parse(stdout)).toEqual({ indexHtml: join(folder, "public/all/index.html"), sessions: 3 });
  const page = await readFile(join(folder, "public/all/index.html"), "utf8");
  expect(page).toContain('href="../../.codex/sessions/2026-11-22-0600_First__1/index.html"');

  const session = ".codex/sessions/2026-11-22-0600_First__1";
  const before = await readFile(join(folder, session, "index.html"), "utf8");
  const refused = await sandbox.ctx(["archive", "-o", session]);
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain("contains the transcript of a session");
  expect(await readFile(join(folder, session, "index.html"), "utf8")).toBe(before);
  await writeFile(join(folder, "index.html"), "mine");
  expect((await sandbox.ctx(["archive", "-o", "."])).stderr).toContain("was not written by ctx");
  expect(await readFile(join(folder, "index.html"), "utf8")).toBe("mine");
});

test("rejects an output folder that is a link out of the repository", async () => {
  await using sandbox = await withSessions();
  await symlink(sandbox.root, join(sandbox.work, ".ai-code-sessions"));
  const { status, stderr } = await sandbox.ctx(["archive"]);
  expect(status).toBe(1);
  expect(stderr).toContain("`.ai-code-sessions` leads out of the project");
});

test("fails when no session was exported", async () => {
  await using sandbox = await Sandbox.create();
  const { status, stdout, stderr } = await sandbox.ctx(["archive"]);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toStartWith("error: no session of `");
  expect(existsSync(join(sandbox.work, ".ai-code-sessions"))).toBe(false);
});
