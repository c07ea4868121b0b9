// `ctx open` with a script as the browser, and without a browser.
import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { encode, event, meta } from "../../agents/codex/rollout.ts";
import { Terminal } from "../../clients/terminal.ts";
import { CTX } from "../../program.ts";
import { Sandbox } from "../sandbox.ts";

const [OLDER, NEWER] = ["01a201e4-cb84-7a11-a7c6-000000000001", "01a201e4-cb84-7a11-a7c6-000000000002"];

/** A sandbox whose repository has two exported sessions; the older one was exported last. */
async function withTranscripts(): Promise<Sandbox> {
  const sandbox = await Sandbox.create();
  await sandbox.run(["git", "init", "--quiet"]);
  await exportSession(sandbox, NEWER, "Newer one", 60);
  await exportSession(sandbox, OLDER, "Older one", 0);
  return sandbox;
}

async function exportSession(sandbox: Sandbox, id: string, label: string, second: number): Promise<void> {
  const folder = join(sandbox.env.CODEX_HOME ?? "", "sessions/2026/11/22");
  await mkdir(folder, { recursive: true });
  const prompt = event("user_message", { message: "Fix the cart" }, second);
  const log = encode(meta(id, { cwd: await realpath(sandbox.work) }, second), prompt);
  await writeFile(join(folder, `rollout-2026-11-22T06-00-00-${id}.jsonl`), log);
  const { status } = await sandbox.ctx(["export-latest", "--tool", "codex", "--session-id", id, "--label", label]);
  expect(status).toBe(0);
}

async function withBrowser(sandbox: Sandbox): Promise<string> {
  const browser = join(sandbox.root, "browser");
  const opened = join(sandbox.root, "opened");
  await writeFile(browser, `#!/bin/sh\nprintf "<%s>" "$@" > ${opened}\n`);
  await chmod(browser, 0o755);
  sandbox.env.BROWSER = browser;
  return opened;
}

const indexOf = async ({ work }: Sandbox, name: string) =>
  join(await realpath(work), `.codex/sessions/${name}/index.html`);

test.each([[["open"]], [["open", "--latest"]]])("%j opens the most recent session", async (args) => {
  await using sandbox = await withTranscripts();
  const opened = await withBrowser(sandbox);
  const index = await indexOf(sandbox, "2026-11-22-0601_Newer_one");
  expect(await sandbox.ctx(args)).toEqual({ status: 0, stdout: `${index}\n`, stderr: "" });
  expect(await readFile(opened, "utf8")).toBe(`<${pathToFileURL(index).href}>`);
});

test("does not open a committed page, which is not trusted", async () => {
  await using sandbox = await withTranscripts();
  const opened = await withBrowser(sandbox);
  await sandbox.run(["git", "add", "--force", ".codex"]);
  const { status, stdout, stderr } = await sandbox.ctx(["open"]);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain("index.html` is committed, and pages from a repository are not trusted");
  expect(existsSync(opened)).toBe(false);
});

test("asks on a terminal which session to open; Escape opens none", async () => {
  await using sandbox = await withTranscripts();
  const opened = await withBrowser(sandbox);
  await using terminal = await Terminal.open({ cwd: sandbox.work, env: sandbox.env });
  await terminal.enter(`clear; ${CTX.join(" ")} open`);
  await terminal.waitFor(/Which session do you want to open.*Newer one.*Older one/s);
  await terminal.press("Escape");
  await terminal.waitFor(/■.*\$$/s);
  await terminal.enter('echo "status $?"');
  await terminal.waitFor("status 130");
  expect(existsSync(opened)).toBe(false);
  await terminal.enter(`clear; ${CTX.join(" ")} open`);
  await terminal.waitFor(/Which session do you want to open.*Older one/s);
  await terminal.type("older");
  await terminal.waitFor((screen) => !screen.includes("Newer one"));
  await terminal.press("Enter");
  await terminal.waitFor(/2026-11-22-0600_Older_one\/index\.html/);
  expect(await readFile(opened, "utf8")).toEndWith("2026-11-22-0600_Older_one/index.html>");
}, 60_000);

test("prints the URL when there is no browser", async () => {
  await using sandbox = await withTranscripts();
  const index = await indexOf(sandbox, "2026-11-22-0601_Newer_one");
  const url = pathToFileURL(index).href;
  expect(await sandbox.ctx(["open"])).toEqual({
    status: 0,
    stdout: `${index}\n${url}\n`,
    stderr: "warning: cannot start a browser: open the URL yourself\n",
  });
  const { stdout } = await sandbox.ctx(["open", "--json", "--quiet"]);
  expect(JSON.parse(stdout)).toEqual({ indexHtml: index, url, opened: false });
});

test("reports a session without pages, with the command that creates them", async () => {
  await using sandbox = await withTranscripts();
  await rm(await indexOf(sandbox, "2026-11-22-0601_Newer_one"));
  const { status, stdout, stderr } = await sandbox.ctx(["open"]);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toStartWith("error: session `Newer one` in `");
  const hint = stderr.split("hint: create them with `ctx ")[1]?.split("`")[0] ?? "";
  expect((await sandbox.ctx(hint.split(" "))).status).toBe(0);
  expect((await sandbox.ctx(["open"])).status).toBe(0);
});

test("fails when no session was exported", async () => {
  await using sandbox = await Sandbox.create();
  const folder = await realpath(sandbox.work);
  expect(await sandbox.ctx(["open", "--latest"])).toEqual({
    status: 1,
    stdout: "",
    stderr: `error: \`${folder}\` has no exported session\n\nhint: run \`ctx export-latest\` first\n`,
  });
});

test("`ctx json --open` opens the pages it wrote", async () => {
  await using sandbox = await withTranscripts();
  const opened = await withBrowser(sandbox);
  const log = join(sandbox.env.CODEX_HOME ?? "", `sessions/2026/11/22/rollout-2026-11-22T06-00-00-${OLDER}.jsonl`);
  const index = join(await realpath(sandbox.work), "a b/index.html");
  const { status, stdout } = await sandbox.ctx(["json", log, "-o", "a b", "--open"]);
  expect({ status, stdout }).toEqual({ status: 0, stdout: `${index}\n` });
  expect(await readFile(opened, "utf8")).toBe(`<file://${index.replace("a b", "a%20b")}>`);
  expect(existsSync(index)).toBe(true);
});
