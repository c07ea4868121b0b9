import { expect, test } from "bun:test";
import { chmod, copyFile, mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Ended, Sandbox } from "../cli/sandbox.ts";

const SCRIPT = resolve(import.meta.dir, "../../scripts/bun");
/** The programs that the script calls, except Bun and npm, which each test adds. */
const TOOLS = ["bash", "dirname", "env", "getconf", "grep", "mkdir", "mktemp", "mv", "rm", "sed", "sysctl", "uname"];

/** A fake npm that logs its calls and "installs" a Bun that prints its version and arguments. */
const NPM = `#!/usr/bin/env bash
set -euo pipefail
echo "$*" >> "$HOME/npm-calls"
spec=\${!#}
bin=$3/node_modules/\${spec%@*}/bin
mkdir -p "$bin"
printf '#!/usr/bin/env bash\\necho "bun %s: $*"\\n' "\${spec##*@}" > "$bin/bun"
PATH=/usr/bin:/bin chmod +x "$bin/bun"
`;

class Machine {
  readonly sandbox: Sandbox;
  readonly bin: string;

  constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
    this.bin = join(sandbox.root, "bin");
  }

  static async create(sandbox: Sandbox, version: string): Promise<Machine> {
    const machine = new Machine(sandbox);
    await mkdir(machine.bin);
    await mkdir(join(sandbox.work, "scripts"));
    for (const tool of TOOLS) {
      const path = Bun.which(tool);
      if (path !== null) await symlink(path, join(machine.bin, tool));
    }
    await copyFile(SCRIPT, join(sandbox.work, "scripts/bun"));
    await writeFile(join(sandbox.work, "package.json"), `{\n  "packageManager": "bun@${version}"\n}\n`);
    return machine;
  }

  async install(name: string, script: string): Promise<void> {
    await writeFile(join(this.bin, name), script);
    await chmod(join(this.bin, name), 0o755);
  }

  async run(...args: string[]): Promise<Ended> {
    return await this.sandbox.run([join(this.sandbox.work, "scripts/bun"), ...args], { env: { PATH: this.bin } });
  }

  async npmCalls(): Promise<number> {
    const calls = Bun.file(join(this.sandbox.env.HOME ?? "", "npm-calls"));
    return (await calls.exists()) ? (await calls.text()).trimEnd().split("\n").length : 0;
  }
}

const bunOf = (version: string) =>
  `#!/usr/bin/env bash\n[ "$*" = --version ] && echo ${version} || echo "own bun: $*"\n`;

test("the Bun on PATH is used if it is the pinned version", async () => {
  await using sandbox = await Sandbox.create();
  const machine = await Machine.create(sandbox, "9.8.7");
  await machine.install("bun", bunOf("9.8.7"));
  expect(await machine.run("a b", "c")).toEqual({ status: 0, stdout: "own bun: a b c\n", stderr: "" });
});

test("without Bun the pinned version is downloaded once through npm", async () => {
  await using sandbox = await Sandbox.create();
  const machine = await Machine.create(sandbox, "9.8.7");
  await machine.install("npm", NPM);
  const first = await machine.run("a b", "c");
  expect(first).toMatchObject({ status: 0, stdout: "bun 9.8.7: a b c\n" });
  expect(first.stderr).toContain("fetching Bun 9.8.7");
  expect(await machine.run("d")).toEqual({ status: 0, stdout: "bun 9.8.7: d\n", stderr: "" });
  expect(await machine.npmCalls()).toBe(1);
  expect(await readdir(join(sandbox.work, ".cache/bun"))).toHaveLength(1);
});

test("another version on PATH is not used", async () => {
  await using sandbox = await Sandbox.create();
  const machine = await Machine.create(sandbox, "9.8.7");
  await machine.install("bun", bunOf("1.0.0"));
  await machine.install("npm", NPM);
  expect((await machine.run("x")).stdout).toBe("bun 9.8.7: x\n");
});

test("a failed download leaves no files and is retried", async () => {
  await using sandbox = await Sandbox.create();
  const machine = await Machine.create(sandbox, "9.8.7");
  await machine.install("npm", "#!/usr/bin/env bash\nmkdir -p $3/node_modules\nexit 1\n");
  expect((await machine.run("x")).status).toBe(1);
  expect(await readdir(join(sandbox.work, ".cache/bun"))).toEqual([]);
  await rm(join(machine.bin, "npm"));
  await machine.install("npm", NPM);
  expect((await machine.run("x")).stdout).toBe("bun 9.8.7: x\n");
});

test("without Bun and npm the error says what to install", async () => {
  await using sandbox = await Sandbox.create();
  const machine = await Machine.create(sandbox, "9.8.7");
  const { status, stderr } = await machine.run("x");
  expect(stderr).toBe("error: neither Bun 9.8.7 nor npm is installed: install one of them\n");
  expect(status).toBe(1);
});
