// `ctx scan`; test/secrets covers what counts as a secret.
import { expect, test } from "bun:test";
import { mkdir, realpath, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Sandbox } from "../sandbox.ts";

const SECRET = `ghp_${"a1B2".repeat(9)}`;
const KEY = `-----BEGIN PRIVATE KEY-----\n${"MIIEvQ1B".repeat(8)}\n-----END PRIVATE KEY-----\n`;

async function files(sandbox: Sandbox, contents: Record<string, string | Uint8Array>): Promise<void> {
  for (const [path, content] of Object.entries(contents)) {
    await mkdir(join(sandbox.work, path, ".."), { recursive: true });
    await writeFile(join(sandbox.work, path), content);
  }
}

test("prints file, line and kind of each finding, never the secret, and exits 1", async () => {
  await using sandbox = await Sandbox.create();
  await files(sandbox, {
    "b/log.txt": `one\n\nuse ${SECRET}`,
    "a.pem": `first\n${KEY}last\n`,
    "clean.md": "nothing here\n",
    "image.png": Buffer.concat([Buffer.from([0x89, 0]), Buffer.from(SECRET)]),
  });
  await symlink("b/log.txt", join(sandbox.work, "link"));
  const { status, stdout, stderr } = await sandbox.ctx(["scan", ".", "clean.md"]);
  const folder = await realpath(sandbox.work);
  expect(stdout.split("\n")).toEqual([
    `${folder}/a.pem:2: private-key ----… (27 characters)`,
    `${folder}/b/log.txt:3: github-token ghp_… (40 characters)`,
    "",
  ]);
  expect((await sandbox.ctx(["scan", "link"])).stdout).toBe(
    `${folder}/b/log.txt:3: github-token ghp_… (40 characters)\n`,
  );
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: "scanned 4 files, skipped 2 (not text, or not readable)\n",
  });
});

test("without a path it scans the files that ctx writes, and exits 0 if they are clean", async () => {
  await using sandbox = await Sandbox.create();
  await sandbox.run(["git", "init", "--quiet"]);
  await files(sandbox, { "README.md": SECRET, ".changelog/ada/entries.jsonl": `{"summary":"Done."}\n` });
  expect(await sandbox.ctx(["scan"])).toEqual({ status: 0, stdout: "", stderr: "scanned 1 file\n" });
  await files(sandbox, { ".codex/sessions/one/page-001.html": `<p>${SECRET}</p>\n` });
  const { status, stdout } = await sandbox.ctx(["scan", "--json"]);
  expect(status).toBe(1);
  expect(JSON.parse(stdout)).toEqual({
    findings: [
      {
        file: join(await realpath(sandbox.work), ".codex/sessions/one/page-001.html"),
        ...{ line: 1, kind: "github-token", masked: "ghp_… (40 characters)" },
      },
    ],
    ...{ files: 2, skipped: 0 },
  });
});

test("--staged reads the index, not the working tree, under any file name", async () => {
  await using sandbox = await Sandbox.create();
  await sandbox.run(["git", "init", "--quiet"]);
  await files(sandbox, { "--upload-pack=x\n\u001b[2J": SECRET, "ä b.txt": `x\n${SECRET}\n`, "later.txt": "clean\n" });
  await sandbox.run(["git", "add", "-A"]);
  await files(sandbox, { "ä b.txt": "clean by now\n", "later.txt": SECRET });
  const { status, stdout } = await sandbox.ctx(["scan", "--staged"]);
  expect(status).toBe(1);
  expect(stdout.split("\n")).toEqual([
    "--upload-pack=x\ufffd\ufffd:1: github-token ghp_… (40 characters)",
    "ä b.txt:2: github-token ghp_… (40 characters)",
    "",
  ]);
  await sandbox.run(["git", "read-tree", "--empty"]);
  expect(await sandbox.ctx(["scan", "--staged"])).toMatchObject({ status: 0, stdout: "" });
});

test("reports what it cannot scan", async () => {
  await using sandbox = await Sandbox.create();
  expect(await sandbox.ctx(["scan", "--staged"])).toMatchObject({ status: 1, stdout: "" });
  expect((await sandbox.ctx(["scan", "gone"])).stderr).toContain("gone` does not exist");
  expect(await sandbox.ctx(["scan", "--staged", "x"])).toMatchObject({ status: 2 });
});

test("uses the user's rules and allowed values, and ignores a repository's", async () => {
  await using sandbox = await Sandbox.create();
  const config = "[secrets]\nallow = ['hunter22']\nrules = [{ kind = 'acme-key', pattern = 'acme_[a-z0-9]{12}' }]\n";
  const own = join(sandbox.env.XDG_CONFIG_HOME ?? "", "ai-code-sessions/config.toml");
  await mkdir(join(own, ".."), { recursive: true });
  await files(sandbox, {
    "a.txt": "password=hunter22\npassword=hunter33\nacme_a1b2c3d4e5f6\n",
    ".ai-code-sessions.toml": "[secrets]\nallow = ['hunter33']\n",
  });
  const kinds = async () => (await sandbox.ctx(["scan", "a.txt"])).stdout.match(/:\d: [a-z-]+/g);
  expect(await kinds()).toEqual([":1: password", ":2: password"]);
  await writeFile(own, config);
  expect(await kinds()).toEqual([":2: password", ":3: acme-key"]);
  await writeFile(own, config.replace("{12}", "+(?=x)"));
  const { status, stderr } = await sandbox.ctx(["scan", "a.txt"]);
  expect(status).toBe(1);
  expect(stderr).toContain(
    "config.toml:3`: the pattern of `acme-key` is not valid at character 15 (`(?=`): RE2 has no lookahead",
  );
});
