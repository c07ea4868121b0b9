// Every command on a malicious repository and a malicious log: none of their programs run, nothing private gets into the
// repository, and outside of it only the state and cache of `ctx` change.
import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, readlink, realpath, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { call, encode, event, meta, output } from "../agents/codex/rollout.ts";
import { type MadeSession, makeSession } from "../catch-up/backfill/made-session.ts";
import { NASTY } from "./hostile-text.ts";
import { Sandbox } from "./sandbox.ts";

const SECRET = `ghp_${"a1B2c3D4e5F6g7H8i9J0".repeat(2)}`;
/** The content of private files of the user. */
const PRIVATE = "PRIVATE-WORDS-OF-THE-PERSON";
const CHANGELOG = ["--changelog", "--changelog-actor", "ada", "--changelog-evaluator", "builtin"];

class Scene implements AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly work: string;
  /** The folders in which nothing may be written. */
  readonly outside: string;
  /** A program that appends to `trace` when it runs. */
  readonly program: string;

  private constructor(sandbox: Sandbox, root: string) {
    this.sandbox = sandbox;
    this.work = join(root, "work");
    this.outside = join(root, "outside");
    this.program = join(root, "program");
  }

  static async create(): Promise<Scene> {
    const sandbox = await Sandbox.create();
    const scene = new Scene(sandbox, await realpath(sandbox.root));
    await mkdir(scene.outside);
    await writeFile(join(scene.outside, "file.txt"), PRIVATE);
    await scene.write({
      "home/.ssh/id_rsa": `${PRIVATE} ${SECRET}\n`,
      "home/.codex/auth.json": `{"token":"${PRIVATE}"}`,
    });
    await writeFile(scene.program, `#!/bin/sh\necho "$0 $*" >> '${scene.trace}'\ncat\n`, { mode: 0o755 });
    for (const name of ["codex", "claude", "xdg-open"]) {
      await scene.write({ [`bin/${name}`]: `#!/bin/sh\nexec '${scene.program}' ${name}\n` }, 0o755);
    }
    sandbox.env.PATH = `${join(sandbox.root, "bin")}:${sandbox.env.PATH}`;
    sandbox.env.BROWSER = "true";
    await sandbox.run(["git", "init", "--quiet"]);
    return scene;
  }

  get trace(): string {
    return join(dirname(this.work), "trace");
  }

  async write(files: Record<string, string>, mode = 0o644): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      const path = join(dirname(this.work), name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text, { mode });
    }
  }

  async link(name: string, target: string): Promise<void> {
    await mkdir(dirname(join(this.work, name)), { recursive: true });
    await symlink(target, join(this.work, name));
  }

  async writeLog({ logName, log }: Pick<MadeSession, "logName" | "log">): Promise<void> {
    await this.write({ [`home/.codex/sessions/2026/11/22/${logName}`]: log });
  }

  /** Runs `ctx`, which must neither report a bug nor print anything private. */
  async ctx(...args: string[]): Promise<void> {
    const { status, stdout, stderr } = await this.sandbox.ctx(args);
    expect({ args, status, stderr }).not.toMatchObject({ status: 70 });
    for (const hidden of [PRIVATE, SECRET]) expect(`${stdout}${stderr}`).not.toContain(hidden);
  }

  /** Every file outside the repository, except the state and caches of `ctx` and of the Bun that runs it. */
  async outsiders(): Promise<string[]> {
    const root = dirname(this.work);
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    const seen = entries.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      const name = relative(root, path);
      if (/^work(?:\/|$)|^tmp\/|@t@|^home\/\.(?:bun|cache|local)(?:\/|$)/.test(name)) return [];
      const content = entry.isFile()
        ? createHash("sha256")
            .update(await readFile(path))
            .digest("hex")
        : "";
      return [`${name} ${entry.isSymbolicLink() ? await readlink(path) : content}`];
    });
    return (await Promise.all(seen)).flat().sort();
  }

  /** The text of every file in the repository that `ctx` may have written. */
  async writtenText(): Promise<string> {
    const entries = await readdir(this.work, { recursive: true, withFileTypes: true });
    const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    const own = paths.filter((path) => realpathSync(path) === path && !path.includes("/.git/"));
    return (await Promise.all(own.map((path) => readFile(path, "utf8")))).join("\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sandbox[Symbol.asyncDispose]();
  }
}

/** Every command that reads a repository or a log. */
function commandsFor(id: string): string[][] {
  const run = ["--tool", "codex", "--session-id", id];
  return [
    ["config", "show"],
    ["find-source", ...run],
    ["export-latest", ...run, "--label", "../../../outside/x", ...CHANGELOG],
    ["export-latest", ...run, "--dry-run", "--changelog", "--changelog-evaluator", "codex"],
    ["changelog", "backfill", "--actor", "ada", "--evaluator", "builtin"],
    ["scan"],
    ["scan", "--staged"],
    ["archive"],
    ["archive", "--open"],
    ["open", "--latest"],
    ["recover"],
  ];
}

test("a hostile repository", async () => {
  await using scene = await Scene.create();
  const { program, outside, work, sandbox } = scene;
  const own = makeSession(1);
  const private_ = makeSession(5);
  await scene.writeLog({ ...own, log: own.log.replaceAll(/"cwd":"[^"]*"/g, `"cwd":${JSON.stringify(work)}`) });
  await scene.writeLog({ ...private_, log: private_.log.replaceAll("cart", PRIVATE) });
  const planted = ".codex/sessions/2026-11-22-0715_planted";
  const row = {
    schema_version: 2,
    run_id: "0123456789abcdef",
    tool: "codex",
    session_id: private_.id,
    label: "x",
    from: 0,
    to: 99,
  };
  await scene.write({
    "work/.ai-code-sessions.toml": `[ctx]\ncodex_cmd = "${program}"\nclaude_cmd = "${program}"\nsessions = "${outside}"\n[changelog]\nactor = "../../outside/mallory"\nevaluator = "codex"\ndirectory = "${outside}"\n[secrets]\nallow = ["${SECRET}"]\n`,
    "work/package.json": JSON.stringify({ scripts: { preinstall: program, test: program }, workspaces: ["."] }),
    "work/.gitattributes": "* filter=evil diff=evil merge=evil\n",
    "work/.gitmodules": `[submodule "x"]\n\tpath = x\n\turl = ext::${program} %S\n`,
    [`work/${planted}/source_match.json`]: JSON.stringify({
      best: { path: join(sandbox.env.HOME ?? "", ".ssh/id_rsa"), session_id: private_.id },
    }),
    [`work/${planted}/export_runs.jsonl`]: `${JSON.stringify(row)}\n${JSON.stringify({ ...row, copied_jsonl: "/etc/passwd", output_dir: outside })}\n`,
    [`work/${planted}_too/source_match.json`]: JSON.stringify({ best: { session_id: private_.id } }),
    [`work/${planted}/index.html`]: "<script>alert(1)</script>",
    "work/.changelog/mallory/entries.jsonl": `{"schema_version":2,"run_id":"../../x"}\n${"[".repeat(100_000)}\n`,
  });
  // The Bun that runs the sources loads both files before any of them; the compiled program must not.
  if (process.env.CTX_TEST_PROGRAM) {
    await scene.write({
      "work/.env": `CTX_CODEX_CMD=${program}\nXDG_STATE_HOME=${outside}\nBROWSER=${program}\nBUN_OPTIONS=--preload=./evil.ts\n`,
      "work/bunfig.toml": 'preload = ["./evil.ts"]\n',
      "work/evil.ts": `require("node:child_process").execFileSync(${JSON.stringify(program)}, ["preloaded"]);\n`,
    });
  }
  await scene.link(
    `.codex/sessions/2026-11-22-0716_linked/${private_.logName}`,
    `../../../../home/.codex/sessions/2026/11/22/${private_.logName}`,
  );
  await scene.link(".codex/sessions/2026-11-22-0717_away", "../../../home/.codex/sessions/2026/11/22");
  await scene.link(".changelog/eve", "../../outside");
  await scene.link("id_rsa", "../home/.ssh/id_rsa");
  await sandbox.run(["git", "add", "--all"]);
  for (const hook of ["post-index-change", "reference-transaction", "post-checkout", "pre-commit"]) {
    await scene.write({ [`work/.git/hooks/${hook}`]: `#!/bin/sh\nexec '${program}' hook\n` }, 0o755);
    await chmod(join(work, ".git/hooks", hook), 0o755);
  }
  const settings = `[core]\n\tfsmonitor = ${program} monitor\n\tpager = ${program}\n\tsshCommand = ${program}\n\teditor = ${program}\n\tworktree = ${outside}\n[diff]\n\texternal = ${program}\n[diff "evil"]\n\ttextconv = ${program}\n\tcommand = ${program}\n[filter "evil"]\n\tclean = ${program}\n\tsmudge = ${program}\n\tprocess = ${program}\n\trequired = true\n[gpg]\n\tprogram = ${program}\n[log]\n\tshowSignature = true\n[credential]\n\thelper = ${program}\n[remote "origin"]\n\turl = ext::${program}\n\tpromisor = true\n\tuploadpack = ${program}\n[extensions]\n\tpartialClone = origin\n[include]\n\tpath = ${outside}/x\n`;
  await writeFile(join(work, ".git/config"), `${await readFile(join(work, ".git/config"), "utf8")}${settings}`);
  await utimes(join(work, "package.json"), new Date(), new Date(Date.now() + 5_000));

  const before = await scene.outsiders();
  for (const args of commandsFor(own.id)) await scene.ctx(...args);
  expect(await scene.outsiders()).toEqual(before);
  // With these links most commands fail at once.
  await rm(join(work, ".ai-code-sessions"), { recursive: true });
  await scene.link(".claude/sessions", "../../outside");
  await scene.link(".ai-code-sessions", "../outside");
  for (const args of commandsFor(own.id)) await scene.ctx(...args);
  expect(await scene.outsiders()).toEqual(before);
  expect((await scene.writtenText()).includes(PRIVATE)).toBe(false);
  expect(await readFile(join(work, ".changelog/ada/entries.jsonl"), "utf8")).toContain(own.id);
}, 120_000);

test("a hostile log", async () => {
  await using scene = await Scene.create();
  const { program, outside, work, sandbox } = scene;
  const home = sandbox.env.HOME ?? "";
  const id = "01a201e4-cb84-7a11-a7c6-00000000000a";
  const inject = `$(${program}) \`${program}\`; ${program} & ../../../outside/x ${NASTY}`;
  const patch = (path: string) => `*** Begin Patch\n*** Add File: ${path}\n+evil\n*** End Patch`;
  const records = [
    meta(id, {
      cwd: work,
      cli_version: inject,
      git: { branch: "--upload-pack=x", commit_hash: "--output=x", repository_url: `ext::${program}` },
    }),
    event(
      "user_message",
      {
        message: `${inject}<script src=//evil.example></script> [x](javascript:alert(1)) ${SECRET}`,
        images: [`file://${home}/.ssh/id_rsa`],
        local_images: [join(home, ".ssh/id_rsa"), "../home/.ssh/id_rsa"],
      },
      1,
    ),
    ...[
      "../outside/x",
      join(outside, "y"),
      join(home, ".ssh/id_rsa"),
      "-rf",
      inject,
      "a/../../outside/z",
      "\u0000x",
    ].flatMap((path, index) => [
      call(`p${index}`, "apply_patch", { input: patch(path) }, 2),
      output(`p${index}`, "Success. Updated the following files:\nA x\n", 2),
    ]),
    ...[
      `git commit -m '${inject}'`,
      `cd ${outside} && rm -rf file.txt`,
      `cat ~/.ssh/id_rsa`,
      "npm test",
      `export T=${SECRET}`,
      `cd '$(${program})' && git commit -m x`,
    ].flatMap((script, index) => [
      call(
        `c${index}`,
        "shell",
        { command: ["bash", "-lc", script], workdir: index % 2 === 0 ? "/../../etc" : outside },
        3,
      ),
      output(
        `c${index}`,
        { output: `[main ${"--exec=x".padEnd(7)}] x\n[main 1234567] ${inject}\n`, metadata: { exit_code: index % 2 } },
        3,
      ),
    ]),
    event(
      "agent_message",
      { message: `# ${inject}\n<img src=x onerror=alert(1)>\n<iframe src="file:///etc/passwd"></iframe>` },
      4,
    ),
    { type: "compacted", payload: { message: inject, replacement_history: [{}, null, 5] } },
    {
      timestamp: "9".repeat(500),
      type: "event_msg",
      payload: { type: "__proto__", constructor: 1, message: { toString: 1 } },
    },
    JSON.stringify({ __proto__: 1 }).replace("{}", '{"__proto__":{"polluted":true}}'),
    `{"type":"response_item","payload":${'{"a":'.repeat(20_000)}`,
    "[".repeat(200_000),
  ];
  await scene.writeLog({ logName: `rollout-2026-11-22T06-00-00-${id}.jsonl`, log: encode(...records) });
  const evil = encode(
    meta("../../../outside/evil", { cwd: work }),
    event("user_message", { message: "hello there" }, 1),
  );
  await scene.writeLog({
    logName: "rollout-2026-11-22T07-00-00-01a201e4-cb84-7a11-a7c6-00000000000b.jsonl",
    log: evil,
  });

  const before = await scene.outsiders();
  const log = join(home, `.codex/sessions/2026/11/22/rollout-2026-11-22T06-00-00-${id}.jsonl`);
  const commands = [
    ...commandsFor(id),
    ["export-latest", "--tool", "codex", "--cwd", work, ...CHANGELOG],
    ["export-latest", "--tool", "codex", "--session-id", "../../../outside/evil", ...CHANGELOG],
    ["json", log, "-o", join(work, "pages")],
    ["json", log, "--format", "md"],
  ];
  for (const args of commands) await scene.ctx(...args);
  expect(await scene.outsiders()).toEqual(before);
  const [row = ""] = (await readFile(join(work, ".changelog/ada/entries.jsonl"), "utf8")).split("\n");
  expect(JSON.parse(row)).toMatchObject({ session_id: id, commits: [] });
  const entries = await readFile(join(work, ".changelog/ada/entries.jsonl"), "utf8");
  for (const hidden of [SECRET, PRIVATE, home, work]) expect(entries).not.toContain(hidden);
  const directories = await readdir(join(work, ".codex/sessions"));
  const index = directories.find((name) => name.startsWith("2026-11-22-0600"));
  const pages = await readdir(join(work, ".codex/sessions", index ?? ""));
  for (const page of pages.filter((name) => name.endsWith(".html") || name.endsWith(".js"))) {
    const text = await readFile(join(work, ".codex/sessions", index ?? "", page), "utf8");
    for (const active of ["<script src=//", 'href="javascript:', "<img src=x", "<iframe", PRIVATE, SECRET]) {
      expect(text).not.toContain(active);
    }
  }
}, 120_000);
