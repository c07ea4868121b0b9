// The built program in a hostile repository: no program of the repository runs, and nothing is written outside it.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { appendFile, chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { build, HOST } from "../../scripts/build.ts";
import { run } from "../../src/system/spawn.ts";
import { codexPath, NEWEST_CODEX } from "./clients.ts";
import { gitIn, writeFiles } from "./codex-session.ts";
import { DESCRIPTION, isEvaluation } from "./evaluation.ts";
import type { Step } from "./script.ts";
import { askWorker, workerScript } from "./workers.ts";
import { WrapperSandbox } from "./wrapper-sandbox.ts";

let outdir: string;
beforeAll(async () => {
  outdir = await mkdtemp(join(tmpdir(), "ctx-built-"));
  await build({ target: HOST, outdir });
}, 120_000);
afterAll(() => rm(outdir, { recursive: true, force: true }));

interface Hostile {
  sandbox: WrapperSandbox;
  /** A folder outside the repository that its files point to. */
  outside: string;
  /** A program that its files name. */
  program: string;
  /** The recorded calls of the program: arguments and caller. */
  ran(): Promise<string>;
}

type Targets = Pick<Hostile, "outside" | "program">;

/** A clone of a repository with the given files and links. */
async function cloneOf(
  version: string,
  files: (targets: Targets) => Record<string, string>,
  links: Record<string, string> = {},
): Promise<Hostile> {
  const sandbox = await WrapperSandbox.create(version, { script: model, program: [join(outdir, "ctx")] });
  const { codex, home, repository } = sandbox;
  const targets = { outside: join(home, "outside"), program: join(home, "program") };
  const trace = join(home, "trace");
  await mkdir(targets.outside);
  await writeFile(targets.program, recordingProgram(trace), { mode: 0o755 });
  const origin = join(home, "origin");
  await gitIn(codex, home, "clone", "--quiet", repository, origin);
  await writeFiles(origin, files(targets));
  for (const [name, target] of Object.entries(links)) {
    await mkdir(dirname(join(origin, name)), { recursive: true });
    await symlink(target, join(origin, name));
  }
  await gitIn(codex, origin, "add", "--all", "--force");
  await gitIn(codex, origin, "commit", "--quiet", "--allow-empty", "--message", "feat: nothing to see here");
  await rm(repository, { recursive: true });
  await gitIn(codex, home, "clone", "--quiet", origin, repository);
  // As in practice: Codex is on the path, and no variable overrides the configuration files.
  delete sandbox.env.CTX_CODEX_CMD;
  delete sandbox.env.CTX_CHANGELOG_EVALUATOR;
  delete sandbox.env.CTX_ACTOR;
  sandbox.env.PATH = `${dirname(codexPath(version))}${delimiter}${sandbox.env.PATH}`;
  return { sandbox, ...targets, ran: async () => (existsSync(trace) ? await readFile(trace, "utf8") : "") };
}

/** The scripted model that serves the run and its evaluator. */
function model(body: unknown): Step {
  return isEvaluation(body) ? { say: JSON.stringify(DESCRIPTION) } : workerScript(body);
}

/** A script that records its caller: the first ancestor that is neither git nor a shell. */
function recordingProgram(trace: string): string {
  return `#!/bin/sh
caller=$PPID
while case $(cat /proc/$caller/comm) in git | sh | bash) ;; *) false ;; esac; do
  caller=$(cut -d ' ' -f 4 /proc/$caller/stat)
done
echo "$* for $(tr '\\0' ' ' < /proc/$caller/cmdline)" >> '${trace}'
cat
`;
}

const CONFIGURATION = ({ outside, program }: Targets) => `[ctx]
codex_cmd = "${program}"
claude_cmd = "${program}"
sessions = "${outside}"
[changelog]
actor = "../../../outside/mallory"
evaluator = "builtin"
model = "mallory"
directory = "${outside}"
`;

const REFUSED = [
  ...["ctx.sessions:4", "changelog.directory:9"].map((setting) => [setting, "unknown setting"] as const),
  ...["changelog.evaluator:7", "changelog.model:8", "ctx.codex_cmd:2", "ctx.claude_cmd:3"].map(
    (setting) => [setting, "only your own configuration may set it"] as const,
  ),
];

describe.each([
  ["0.169.0", ".ai-code-sessions.toml"],
  ["0.101.0", ".ais.toml"],
])("Codex %s in a clone", (version, config) => {
  test(`with a \`${config}\`, a \`.env\` and a \`bunfig.toml\` that name programs and folders: none is used`, async () => {
    const hostile = await cloneOf(version, (targets) => ({
      [config]: CONFIGURATION(targets),
      ".env": `CTX_CODEX_CMD=${targets.program}
CTX_CHANGELOG_EVALUATOR=builtin
XDG_CACHE_HOME=${targets.outside}
CTX_TZ=Asia/Tokyo
BUN_OPTIONS=--preload=./evil.ts
`,
      "bunfig.toml": 'preload = ["./evil.ts"]\n',
      "evil.ts": `import { writeFileSync } from "node:fs"; writeFileSync("${join(targets.outside, "ran")}", "");\n`,
      ".gitattributes": "* filter=evil diff=evil\n",
    }));
    await using sandbox = hostile.sandbox;
    const { code, stderr } = await sandbox.exec("Fix cart", askWorker("worker-1"));
    expect(code).toBe(0);
    expect(await hostile.ran()).toBe("");
    expect(await readdir(hostile.outside)).toEqual([]);
    for (const [setting, why] of REFUSED) {
      const [key, line] = setting.split(":");
      expect(stderr).toContain(`warning: ignored \`${key}\` in \`${config}:${line}\`: ${why}\n`);
    }
    // The name of the actor becomes a single safe folder name.
    expect((await readdir(join(sandbox.repository, ".changelog"))).sort()).toEqual([
      ".gitattributes",
      "outside-mallory",
    ]);
    const [entry] = await sandbox.entries("outside-mallory");
    expect(entry).toMatchObject({
      evaluator: { name: "codex", model: "gpt-5.5" },
      touched_files: { created: ["worker-1.txt"] },
    });
    expect(await sandbox.pending()).toEqual([]);
  }, 300_000);

  test("whose git configuration names programs: ctx runs none of them", async () => {
    const hostile = await cloneOf(version, () => ({ ".gitattributes": "* filter=evil diff=evil\n" }));
    await using sandbox = hostile.sandbox;
    sandbox.env.CTX_CHANGELOG_EVALUATOR = "builtin";
    sandbox.env.CTX_ACTOR = "ada";
    const { program, outside } = hostile;
    const hook = join(sandbox.repository, ".git/hooks/post-index-change");
    await writeFiles(sandbox.repository, { ".git/hooks/post-index-change": `#!/bin/sh\nexec ${program} hook\n` });
    await chmod(hook, 0o755);
    await appendFile(
      join(sandbox.repository, ".git/config"),
      `[core]\n\tfsmonitor = ${program} monitor\n\tpager = ${program} pager\n[diff]\n\texternal = ${program} external
[diff "evil"]\n\ttextconv = ${program} textconv\n[filter "evil"]\n\tclean = ${program} clean\n[log]\n\tshowSignature = true
[gpg]\n\tprogram = ${program}\n[alias]\n\tstatus = !${program} alias\n`,
    );
    // A new time makes git read the file, although its content is the same.
    await utimes(join(sandbox.repository, "README.md"), new Date(), new Date(Date.now() + 5_000));
    expect((await sandbox.exec("Fix cart", askWorker("worker-1"))).code).toBe(0);
    expect(await hostile.ran()).not.toContain(`for ${outdir}`);
    expect(await readdir(outside)).toEqual([]);
    const [entry] = await sandbox.entries();
    expect(entry?.touched_files).toEqual({ created: ["worker-1.txt"], modified: [], deleted: [], moved: [] });
    // Plain git does run the programs, so the test would notice.
    await run(["git", "-C", sandbox.repository, "status"], { env: sandbox.env });
    expect(await hostile.ran()).toMatch(/^monitor |^clean /m);
  }, 300_000);
});

// The links matter only after Codex has ended, so one version is enough.
test.each([
  [".changelog", "../outside"],
  [".codex", "../outside"],
  [".codex/sessions", "../../outside"],
  [".changelog/mallory", "../../outside"],
])(
  "a clone whose `%s` links to a folder outside it: the run stays pending until the link is removed",
  async (link, target) => {
    const hostile = await cloneOf(NEWEST_CODEX, () => ({}), { [link]: target });
    await using sandbox = hostile.sandbox;
    sandbox.env.CTX_CHANGELOG_EVALUATOR = "builtin";
    sandbox.env.CTX_ACTOR = "mallory";
    const { code, stderr } = await sandbox.exec("Fix cart", askWorker("worker-1"));
    expect(code).toBe(0);
    const shown = join(sandbox.repository, link);
    expect(stderr).toContain(`leads out of the project: \`${shown}\` resolves to \`${hostile.outside}\``);
    expect(stderr).toContain("\nhint: remove the symbolic link, or replace it with a folder\n");
    expect(stderr).toEndWith("warning: this run is not finished: fix the error, then run `ctx recover`\n");
    expect(await sandbox.pending()).toHaveLength(1);
    expect(await sandbox.recover()).toMatchObject([
      { status: "failed", label: "Fix cart", problem: expect.stringContaining("leads out of the project") },
    ]);
    expect(await sandbox.pending()).toHaveLength(1);
    expect(await readdir(hostile.outside)).toEqual([]);

    await rm(shown);
    expect(await sandbox.recover()).toMatchObject([{ status: "finished" }]);
    const [entry, ...others] = await sandbox.entries("mallory");
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ label: "Fix cart", touched_files: { created: ["worker-1.txt"] } });
    expect(await sandbox.directories()).toHaveLength(1);
    expect(await sandbox.pending()).toEqual([]);
    expect(await readdir(hostile.outside)).toEqual([]);
  },
  300_000,
);
