// `ctx json`: which log it reads, where it writes, and what it does not overwrite.
import { expect, test } from "bun:test";
import { copyFile, mkdir, readdir, readFile, realpath, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { at, encode, event, meta } from "../../agents/codex/rollout.ts";
import { Sandbox } from "../sandbox.ts";

const RECORDING = resolve(import.meta.dir, "../../fixtures/codex/0.169.0");
const truth = await Bun.file(join(RECORDING, "truth.json")).json();
const LOG = join(RECORDING, truth.files[0]);
const ID = "01a201e4-cb84-7a11-a7c6-000000000001";
const SECRET = `ghp_${"a1B2".repeat(9)}`;

/** A sandbox whose working folder holds a log with a secret. */
async function withLog(): Promise<Sandbox> {
  const sandbox = await Sandbox.create();
  const prompt = event("user_message", { message: `Use ${SECRET}` }, 1);
  await writeFile(join(sandbox.work, "log.jsonl"), encode(meta(ID, { cwd: "/shop" }, 0), prompt));
  return sandbox;
}

async function pagesIn(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".html"));
  return (await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")))).join("");
}

test("writes pages to `--output` and prints the path of the index", async () => {
  await using sandbox = await Sandbox.create();
  const { status, stdout, stderr } = await sandbox.ctx(["json", LOG, "-o", "a/b", "--label", "Fix <cart>"]);
  const index = join(await realpath(sandbox.work), "a/b/index.html");
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: `${index}\n`, stderr: `read \`${LOG}\`\n` });
  expect(await readFile(index, "utf8")).toContain("<h1>Fix &lt;cart&gt;</h1>");
  expect(await readdir(sandbox.work)).toEqual(["a"]);
});

test("a compressed log gives the same pages", async () => {
  await using sandbox = await Sandbox.create();
  await writeFile(join(sandbox.work, "log.jsonl.zst"), zstdCompressSync(await readFile(LOG)));
  await sandbox.ctx(["json", LOG, "-o", "plain"]);
  await sandbox.ctx(["json", "log.jsonl.zst", "-o", "packed"]);
  expect(await pagesIn(join(sandbox.work, "packed"))).toBe(await pagesIn(join(sandbox.work, "plain")));
});

test("a session directory stands for its log and gives the label", async () => {
  await using sandbox = await Sandbox.create();
  const name = `rollout-2026-11-22T06-15-01-${truth.session_id}.jsonl`;
  const home = join(sandbox.env.CODEX_HOME ?? "", "sessions/2026/11/22");
  await mkdir(home, { recursive: true });
  await copyFile(LOG, join(home, name));
  const args = ["--session-id", truth.session_id, "--label", "Fix cart", "--no-changelog"];
  const exported = await sandbox.ctx(["export-latest", "--tool", "codex", ...args]);
  const directory = exported.stdout.trimEnd();
  const { stdout } = await sandbox.ctx(["json", directory, "-o", "pages", "--json"]);
  expect(JSON.parse(stdout)).toEqual({
    indexHtml: join(await realpath(sandbox.work), "pages/index.html"),
    log: { tool: "codex", path: join(directory, name) },
    sessionId: truth.session_id,
    label: "Fix cart",
  });
  expect(await pagesIn(join(sandbox.work, "pages"))).toBe(await pagesIn(directory));
});

test("keeps other files in the directory, and pages of the user's", async () => {
  await using sandbox = await withLog();
  await mkdir(join(sandbox.work, "site"));
  await writeFile(join(sandbox.work, "site/notes.txt"), "mine");
  expect((await sandbox.ctx(["json", "log.jsonl", "-o", "site"])).status).toBe(0);
  expect((await sandbox.ctx(["json", "log.jsonl", "-o", "site", "--label", "again"])).status).toBe(0);
  for (const page of ["index.html", "page-001.html"]) {
    await writeFile(join(sandbox.work, "site", page), "<!doctype html><title>my own</title>");
    const { status, stdout, stderr } = await sandbox.ctx(["json", "log.jsonl", "-o", "site"]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain(`site/${page}\` was not written by ctx, so it is not overwritten\n\nhint: `);
    expect(await readFile(join(sandbox.work, "site", page), "utf8")).toContain("my own");
    await sandbox.run(["rm", join(sandbox.work, "site", page)]);
  }
  expect(await readFile(join(sandbox.work, "site/notes.txt"), "utf8")).toBe("mine");
});

test("removes secrets; with `--no-redact` it keeps them and warns", async () => {
  await using sandbox = await withLog();
  await sandbox.ctx(["json", "log.jsonl", "-o", "out", "--label", SECRET]);
  expect(await pagesIn(join(sandbox.work, "out"))).not.toContain(SECRET);
  const { stderr } = await sandbox.ctx(["json", "log.jsonl", "-o", "out", "--no-redact"]);
  expect(stderr).toContain("warning: secrets were not removed from the pages: do not share them\n");
  expect(await pagesIn(join(sandbox.work, "out"))).toContain(SECRET);
  await sandbox.ctx(["json", "log.jsonl", "-o", "out"]);
  expect(await pagesIn(join(sandbox.work, "out"))).not.toContain(SECRET);
});

test("--repo sets the repository that pages link to", async () => {
  await using sandbox = await withLog();
  for (const [repo, url] of [
    ["acme/shop", "https://github.com/acme/shop"],
    ["https://me:pass@gitlab.com/acme/shop.git", "https://gitlab.com/acme/shop"],
  ] as const) {
    expect((await sandbox.ctx(["json", "log.jsonl", "-o", "pages", "--repo", repo])).status).toBe(0);
    expect(await pagesIn(join(sandbox.work, "pages"))).toContain(
      `<a href="${url}" rel="noopener noreferrer">acme/shop</a>`,
    );
  }
});

test("--format md prints the conversation or writes it to a file", async () => {
  await using sandbox = await withLog();
  const args = ["json", "log.jsonl", "--format", "md", "--label", "Fix cart"];
  const { status, stdout, stderr } = await sandbox.ctx(args);
  const folder = await realpath(sandbox.work);
  expect({ status, stderr }).toEqual({ status: 0, stderr: `read \`${folder}/log.jsonl\`\n` });
  expect(stdout).toStartWith("## Fix cart\n\nCodex 0.154.0 · ");
  expect(stdout).toEndWith("\n\n### Prompt 1\n\n> Use [REDACTED:github-token]\n");
  expect(await readdir(sandbox.work)).toEqual(["log.jsonl"]);
  expect((await sandbox.ctx([...args, "-o", "out.md"])).stdout).toBe(`${folder}/out.md\n`);
  expect(await readFile(join(folder, "out.md"), "utf8")).toBe(stdout);
  expect(JSON.parse((await sandbox.ctx([...args, "--json"])).stdout)).toMatchObject({ markdown: stdout, path: null });
  expect((await sandbox.ctx([...args, "--no-redact"])).stdout).toContain(SECRET);
});

test("lists several logs instead of choosing one; a log and its compressed copy count as one", async () => {
  await using sandbox = await withLog();
  const log = await readFile(join(sandbox.work, "log.jsonl"));
  await writeFile(join(sandbox.work, "log.jsonl.zst"), zstdCompressSync(log));
  await writeFile(join(sandbox.work, "notes.jsonl"), '{"a":1}\n');
  expect((await sandbox.ctx(["json", ".", "-o", "pages"])).status).toBe(0);
  await writeFile(join(sandbox.work, "other.jsonl"), log);
  const { status, stderr } = await sandbox.ctx(["json", ".", "-o", "pages"]);
  const folder = await realpath(sandbox.work);
  expect(status).toBe(1);
  expect(stderr).toBe(
    `error: 2 session logs in \`${folder}\`:\n  \`${folder}/log.jsonl\`\n  \`${folder}/other.jsonl\`\n\n` +
      "hint: name one of them\n",
  );
});

test("recognizes a log of Claude Code", async () => {
  await using sandbox = await Sandbox.create();
  const message = { role: "user", content: "Fix it" };
  const place = { sessionId: ID, timestamp: at(0), cwd: "/shop" };
  await writeFile(
    join(sandbox.work, `${ID}.jsonl`),
    encode({ type: "user", message, promptSource: "typed", ...place }),
  );
  for (const path of [`${ID}.jsonl`, "."]) {
    const { status, stdout } = await sandbox.ctx(["json", path, "-o", "pages"]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: `${await realpath(sandbox.work)}/pages/index.html\n` });
    expect(await readFile(join(sandbox.work, "pages/index.html"), "utf8")).toContain("Claude Code");
  }
});

test.each([
  [["json"], 2, "`<LOG>` is required"],
  [["json", "log.jsonl"], 2, "`--output` is required"],
  [
    ["json", "log.jsonl", "-o", "x", "--repo", "shop"],
    2,
    "`--repo` must be OWNER/NAME on GitHub or the URL of a repository, not `shop`",
  ],
  [["json", "gone", "-o", "x"], 1, "`WORK/gone` does not exist"],
  [["json", "empty", "-o", "x"], 1, "no session log in `WORK/empty`"],
  [["json", "notes.txt", "-o", "x"], 1, "`WORK/notes.txt` is not a session log"],
  [["json", "/dev/null", "-o", "x"], 1, "`/dev/null` is neither a file nor a directory"],
  [["json", "log.jsonl", "--format", "md", "--open"], 2, "`--open` and `--format md` cannot be used together"],
  [["json", "log.jsonl", "-o", "notes.txt"], 1, "`WORK/notes.txt` is not a directory"],
])("%j ends with %d", async (args, expected, problem) => {
  await using sandbox = await withLog();
  await mkdir(join(sandbox.work, "empty"));
  await writeFile(join(sandbox.work, "notes.txt"), "nothing of the kind\n");
  const { status, stdout, stderr } = await sandbox.ctx(args);
  expect({ status, stdout }).toEqual({ status: expected, stdout: "" });
  expect(stderr).toStartWith(`error: ${problem.replace("WORK", await realpath(sandbox.work))}`);
});
