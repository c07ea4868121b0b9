// Home folders of both tools from real clients of many versions, with the repositories they worked in.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { run } from "../../../src/system/spawn.ts";
import { SyncHome } from "./sync-home.ts";

const FIXTURES = resolve(import.meta.dir, "../../fixtures");

interface Window {
  session_id?: string;
  /** Whether it is the log of a subagent. */
  subagent?: boolean;
  expect?: { prompts?: string[]; commits?: { hash: string }[] };
}

interface Recording {
  root: string;
  /** Whether the log names its folder. */
  namesFolder: boolean;
  sessions: Map<string, Window[]>;
}

const home = new SyncHome();
const recordings: Recording[] = [];

beforeAll(async () => {
  for (const tool of ["codex", "claude"] as const) {
    for (const name of readdirSync(join(FIXTURES, tool))) recordings.push(await keep(tool, name));
  }
});
afterAll(() => home.remove());

async function keep(tool: "codex" | "claude", name: string): Promise<Recording> {
  const recording = join(FIXTURES, tool, name);
  const truth = JSON.parse(readFileSync(join(recording, "truth.json"), "utf8"));
  const root = join(home.base, `${tool} ${name}`);
  await run(["git", "clone", "--quiet", join(recording, "repo.bundle"), root]);
  const sessions = new Map<string, Window[]>();
  // The actions of subagents belong to their session.
  for (const window of (truth.windows as Window[]).filter((each) => each.subagent !== true)) {
    const id = window.session_id ?? truth.session_id;
    sessions.set(id, [...(sessions.get(id) ?? []), window]);
  }
  let namesFolder = false;
  for (const file of truth.files as string[]) {
    const path = join(home.env[tool === "codex" ? "CODEX_HOME" : "CLAUDE_CONFIG_DIR"] ?? "", file);
    const log = readFileSync(join(recording, file), "utf8");
    namesFolder ||= log.includes(truth.cwd);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, log.replaceAll(truth.top ?? truth.cwd, root));
  }
  return { root, namesFolder, sessions };
}

test("every session is recorded once, in its repository, with its commits", async () => {
  const { result } = await home.sync();
  expect(result).toMatchObject({ failed: [], damaged: [], remaining: 0 });
  for (const { root, namesFolder, sessions } of recordings) {
    const rows = home.rows(root);
    const ids = rows.map(({ session_id }) => session_id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.sort()).toEqual(namesFolder ? [...sessions.keys()].sort() : []);
    for (const { session_id, commits } of rows) {
      const [window, ...more] = sessions.get(session_id) ?? [];
      // A later range of the log may undo what an earlier one did.
      if (more.length > 0) continue;
      const made = window?.expect?.commits ?? [];
      expect(commits.map(({ hash }) => hash)).toEqual(made.map(({ hash }) => hash));
    }
  }
  expect((await home.plan()).runs).toBe(0);
});

test("a log without a folder is assigned by its commit", async () => {
  const [mute] = recordings.filter(({ namesFolder }) => !namesFolder);
  if (mute === undefined) throw new Error("every recording names its folder");
  expect(existsSync(join(mute.root, ".changelog"))).toBe(false);
  await home.sync({ current: mute.root });
  expect(home.rows(mute.root).map(({ session_id }) => session_id)).toEqual([...mute.sessions.keys()]);
});
