// A repository that somebody else wrote, and the program as people install it: nothing of it runs, nothing leaves it.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { appendFile, chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { build, HOST } from "../../scripts/build.ts";
import { run } from "../../src/system/spawn.ts";
import { codexPath } from "./clients.ts";
import { gitIn, writeFiles } from "./codex-session.ts";
import { isEvaluation, VERDICT } from "./evaluation.ts";
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
  /** Where the repository would like to write. */
  outside: string;
  /** A program it would like to run. */
  program: string;
  /** Who ran it, for whom. */
  ran(): Promise<string>;
}

type Place = Pick<Hostile, "outside" | "program">;

/** A clone of a repository with these files and links. */
async function cloneOf(
  version: string,
  files: (place: Place) => Record<string, string>,
  links: Record<string, string> = {},
): Promise<Hostile> {
  const sandbox = await WrapperSandbox.create(version, { script: model, program: [join(outdir, "ctx")] });
  const { codex, home, repository } = sandbox;
  const place = { outside: join(home, "outside"), program: join(home, "program") };
  const trace = join(home, "trace");
  await mkdir(place.outside);
  await writeFile(place.program, tellTale(trace), { mode: 0o755 });
  const origin = join(home, "origin");
  await gitIn(codex, home, "clone", "--quiet", repository, origin);
  await writeFiles(origin, files(place));
  for (const [name, target] of Object.entries(links)) {
    await mkdir(dirname(join(origin, name)), { recursive: true });
    await symlink(target, join(origin, name));
  }
  await gitIn(codex, origin, "add", "--all", "--force");
  await gitIn(codex, origin, "commit", "--quiet", "--allow-empty", "--message", "feat: nothing to see here");
  await rm(repository, { recursive: true });
  await gitIn(codex, home, "clone", "--quiet", origin, repository);
  // As people have it: Codex is found on the path, and no variable hides what a file says.
  delete sandbox.env.CTX_CODEX_CMD;
  delete sandbox.env.CTX_CHANGELOG_EVALUATOR;
  delete sandbox.env.CTX_ACTOR;
  sandbox.env.PATH = `${dirname(codexPath(version))}${delimiter}${sandbox.env.PATH}`;
  return { sandbox, ...place, ran: async () => (existsSync(trace) ? await readFile(trace, "utf8") : "") };
}

/** The model of the run and of its evaluator. */
function model(body: unknown): Step {
  return isEvaluation(body) ? { say: JSON.stringify(VERDICT) } : workerScript(body);
}

/** Writes down who ran it: the first of its parents that is neither git nor a shell. */
function tellTale(trace: string): string {
  return `#!/bin/sh
asker=$PPID
while case $(cat /proc/$asker/comm) in git | sh | bash) ;; *) false ;; esac; do
  asker=$(cut -d ' ' -f 4 /proc/$asker/stat)
done
echo "$* for $(tr '\\0' ' ' < /proc/$asker/cmdline)" >> '${trace}'
cat
`;
}

const CONFIGURATION = ({ outside, program }: Place) => `[ctx]
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
  ...["ctx.sessions:4", "changelog.directory:9"].map((place) => [place, "unknown setting"] as const),
  ...["changelog.evaluator:7", "changelog.model:8", "ctx.codex_cmd:2", "ctx.claude_cmd:3"].map(
    (place) => [place, "only your own configuration may set it"] as const,
  ),
];

describe.each([
  ["0.169.0", ".ai-code-sessions.toml"],
  ["0.101.0", ".ais.toml"],
])("Codex %s in a clone", (version, config) => {
  test(`with a \`${config}\`, a \`.env\` and a \`bunfig.toml\` that name programs and places`, async () => {
    const hostile = await cloneOf(version, (place) => ({
      [config]: CONFIGURATION(place),
      ".env": `CTX_CODEX_CMD=${place.program}
CTX_CHANGELOG_EVALUATOR=builtin
XDG_CACHE_HOME=${place.outside}
CTX_TZ=Asia/Tokyo
BUN_OPTIONS=--preload=./evil.ts
`,
      "bunfig.toml": 'preload = ["./evil.ts"]\n',
      "evil.ts": `import { writeFileSync } from "node:fs"; writeFileSync("${join(place.outside, "ran")}", "");\n`,
      ".gitattributes": "* filter=evil diff=evil\n",
    }));
    await using sandbox = hostile.sandbox;
    const { code, stderr } = await sandbox.exec("Fix cart", askWorker("worker-1"));
    expect(code).toBe(0);
    expect(await hostile.ran()).toBe("");
    expect(await readdir(hostile.outside)).toEqual([]);
    for (const [place, why] of REFUSED) {
      const [key, line] = place.split(":");
      expect(stderr).toContain(`warning: ignored \`${key}\` in \`${config}:${line}\`: ${why}\n`);
    }
    // An actor is a name in there, whatever it looks like.
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

  test("that somebody sent, its git configuration included: ctx runs nothing of that", async () => {
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
    // The same content, but git has to look.
    await utimes(join(sandbox.repository, "README.md"), new Date(), new Date(Date.now() + 5_000));
    expect((await sandbox.exec("Fix cart", askWorker("worker-1"))).code).toBe(0);
    expect(await hostile.ran()).not.toContain(`for ${outdir}`);
    expect(await readdir(outside)).toEqual([]);
    const [entry] = await sandbox.entries();
    expect(entry?.touched_files).toEqual({ created: ["worker-1.txt"], modified: [], deleted: [], moved: [] });
    // A person who looks at it with git alone does run it.
    await run(["git", "-C", sandbox.repository, "status"], { env: sandbox.env });
    expect(await hostile.ran()).toMatch(/^monitor |^clean /m);
  }, 300_000);
});

// What follows happens after Codex is gone, whichever it was.
test.each([
  [".changelog", "../outside"],
  [".codex", "../outside"],
  [".codex/sessions", "../../outside"],
  [".changelog/mallory", "../../outside"],
])(
  "a clone whose `%s` leads out of it: the run waits until that is mended",
  async (link, target) => {
    const hostile = await cloneOf("0.169.0", () => ({}), { [link]: target });
    await using sandbox = hostile.sandbox;
    sandbox.env.CTX_CHANGELOG_EVALUATOR = "builtin";
    sandbox.env.CTX_ACTOR = "mallory";
    const { code, stderr } = await sandbox.exec("Fix cart", askWorker("worker-1"));
    expect(code).toBe(0);
    const shown = join(sandbox.repository, link);
    expect(stderr).toContain(`leads out of the project: \`${shown}\` is \`${hostile.outside}\``);
    expect(stderr).toContain("\nhint: remove the symbolic link, or replace it by a folder\n");
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
