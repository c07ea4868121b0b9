// What a real Codex does not do on demand, a fake executable does: refresh a login, hang, ignore signals. test/clients
// tests the real one.
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { namesIn } from "../../../src/system/directory.ts";
import { formatIdentity, identifySelf } from "../../../src/system/process-identity.ts";
import { run } from "../../../src/system/spawn.ts";
import { waitForFile } from "../../wait-until.ts";
import { answers, FakeCodexHome, PATH } from "./fake-codex.ts";

const PROGRAM = join(import.meta.dir, "../programs/evaluate.ts");

let place: FakeCodexHome;
let home: string;
beforeEach(async () => {
  place = await FakeCodexHome.create();
  home = place.home;
});
afterEach(() => place.remove());

const evaluators = () => place.evaluators;
const auth = () => join(home, ".codex/auth.json");
const fakeCodex = (lines: string) => place.fakeCodex(lines);
const evaluate: FakeCodexHome["evaluate"] = (...args) => place.evaluate(...args);

async function expectNothingLeft() {
  expect(namesIn(evaluators())).toEqual([]);
}

describe("the isolated home", () => {
  test("is private, holds only the login and the settings, and is removed afterwards", async () => {
    await writeFile(auth(), '{"tokens":1}', { mode: 0o600 });
    await writeFile(join(home, ".codex/config.toml"), 'model = "m"\nnotify = ["x"]\n');
    await writeFile(join(home, ".codex/AGENTS.md"), "be rude");
    const report = join(home, "report");
    const command = await fakeCodex(`
      { pwd; ls -A; ls -A "$HOME"; ls -ld "$CODEX_HOME" "$CODEX_HOME"/*.json "$CODEX_HOME"/*.toml | cut -c 1-10; ls -A "$CODEX_HOME"; } > ${report}
      cat > ${home}/prompt
      ${answers}`);
    expect(await evaluate(command)).toMatchObject({
      ok: true,
      evaluation: { evaluator: { name: "codex", version: "9.9.9", model: "m", digest: "full", input_tokens: null } },
    });
    const [cwd = "", ...rest] = (await readFile(report, "utf8")).trim().split("\n");
    expect(cwd).toMatch(/\/ctx-[0-9a-f]{16}\/work$/);
    expect(cwd).not.toContain(home);
    expect(existsSync(dirname(cwd))).toBe(false);
    expect(rest).toEqual([".codex", "drwx------", "-rw-------", "-rw-------", "auth.json", "config.toml"]);
    expect(await readFile(join(home, "prompt"), "utf8")).toContain("Fix it");
    await expectNothingLeft();
  });

  test("of a killed evaluation is removed and its login returned; that of a running one stays", async () => {
    await writeFile(auth(), '{"token":"old"}', { mode: 0o600 });
    const hanging = await fakeCodex(
      `echo '{"token":"new"}' > "$CODEX_HOME/auth.json"; pwd > ${home}/cwd; echo $$ > ${home}/pid; exec sleep 60`,
    );
    const child = Bun.spawn([process.execPath, PROGRAM, "codex", hanging, home], {
      env: { PATH, HOME: home },
      stdout: "ignore",
      stderr: "inherit",
    });
    await waitForFile(join(home, "pid"));
    const [left = ""] = await readdir(evaluators());

    await evaluate(await fakeCodex(answers));
    expect(await readdir(evaluators())).toEqual([left]);
    expect(await readFile(auth(), "utf8")).toBe('{"token":"old"}');

    child.kill("SIGKILL");
    await child.exited;
    // It was killed while it returned the login; its Codex still runs and could refresh the login again.
    const dead = formatIdentity({ ...(await identifySelf()), pid: child.pid });
    await writeFile(join(home, `.codex/.ctx-${dead}.tmp`), '{"token":"new"}');
    const pid = Number(await readFile(join(home, "pid"), "utf8"));
    await evaluate(await fakeCodex(answers));
    await expectNothingLeft();
    expect(await readdir(join(home, ".codex"))).toEqual(["auth.json"]);
    if (process.platform === "linux") expect(existsSync(`/proc/${pid}/exe`)).toBe(false);
    else process.kill(pid);
    expect(existsSync(dirname((await readFile(join(home, "cwd"), "utf8")).trim()))).toBe(false);
    expect(await readFile(auth(), "utf8")).toBe('{"token":"new"}\n');
  });
});

describe("the login", () => {
  const refresh = `printf '{"token":"new"}' > "$CODEX_HOME/auth.json"\n`;

  test("is returned with mode 0600 if Codex refreshed it, also if the evaluation fails", async () => {
    for (const end of [answers, "exit 1"]) {
      await writeFile(auth(), '{"token":"old"}');
      await chmod(auth(), 0o644);
      await evaluate(await fakeCodex(refresh + end));
      expect(await readFile(auth(), "utf8")).toBe('{"token":"new"}');
      expect((await stat(auth())).mode & 0o777).toBe(0o600);
      await expectNothingLeft();
    }
  });

  test("stays the same file if Codex did not change it", async () => {
    await writeFile(auth(), '{"token":"old"}', { mode: 0o600 });
    const { ino, mtimeMs } = await stat(auth());
    await evaluate(await fakeCodex(answers));
    expect(await stat(auth())).toMatchObject({ ino, mtimeMs });
  });

  test("is not returned if the user changed or removed their own meanwhile", async () => {
    await writeFile(auth(), '{"token":"old"}', { mode: 0o600 });
    await evaluate(await fakeCodex(`${refresh} printf '{"token":"user"}' > ${auth()}; ${answers}`));
    expect(await readFile(auth(), "utf8")).toBe('{"token":"user"}');
    await evaluate(await fakeCodex(`${refresh} rm ${auth()}; ${answers}`));
    expect(await Bun.file(auth()).exists()).toBe(false);
    await expectNothingLeft();
  });

  test("is not returned if Codex wrote half of it or removed it", async () => {
    await writeFile(auth(), '{"token":"old"}', { mode: 0o600 });
    await evaluate(await fakeCodex(`printf '{"tok' > "$CODEX_HOME/auth.json"; ${answers}`));
    await evaluate(await fakeCodex(`rm "$CODEX_HOME/auth.json"; ${answers}`));
    expect(await readFile(auth(), "utf8")).toBe('{"token":"old"}');
  });

  test("is replaced at the target of a symbolic link", async () => {
    await writeFile(join(home, "secret.json"), '{"token":"old"}', { mode: 0o600 });
    await symlink(join(home, "secret.json"), auth());
    await evaluate(await fakeCodex(refresh + answers));
    expect(await readFile(join(home, "secret.json"), "utf8")).toBe('{"token":"new"}');
    expect((await readdir(join(home, ".codex"), { withFileTypes: true }))[0]?.isSymbolicLink()).toBe(true);
  });

  test("in the keyring cannot be copied: the evaluation fails without running Codex", async () => {
    await writeFile(join(home, ".codex/config.toml"), 'cli_auth_credentials_store = "keyring"\n');
    const result = await evaluate(await fakeCodex(`touch ${home}/asked`));
    expect(result).toMatchObject({
      ok: false,
      failure: { class: "auth", message: expect.stringContaining("keyring") },
    });
    expect(await Bun.file(join(home, "asked")).exists()).toBe(false);
    await expectNothingLeft();
  });

  test("is read from CODEX_HOME if that is set", async () => {
    const other = join(home, "other");
    await mkdir(other);
    await writeFile(join(other, "auth.json"), '{"token":"old"}');
    await evaluate(await fakeCodex(refresh + answers), { env: { CODEX_HOME: other } });
    expect(await readFile(join(other, "auth.json"), "utf8")).toBe('{"token":"new"}');
  });
});

describe("an evaluation fails", () => {
  test("if Codex hangs: it is killed with every process it started", async () => {
    const command = await fakeCodex(`sleep 60 & echo $! > ${home}/pid; trap '' TERM; sleep 61`);
    const result = await evaluate(command, { timeoutMs: 300 });
    expect(result).toMatchObject({ ok: false, failure: { class: "timeout" } });
    const pid = (await readFile(join(home, "pid"), "utf8")).trim();
    const { stdout } = await run(["ps", "-o", "stat=", "-p", pid]);
    expect(stdout.trim()).toMatch(/^(?:Z.*)?$/);
    await expectNothingLeft();
  }, 15_000);

  test("if codex does not exist, is not executable, or has no interpreter", async () => {
    const plain = join(home, "plain");
    await writeFile(plain, "x");
    const orphan = join(home, "orphan");
    await writeFile(orphan, "#!/no/such/interpreter\n", { mode: 0o755 });
    const binary = join(home, "binary");
    await writeFile(binary, "\u0001\u0002", { mode: 0o755 });
    for (const command of [join(home, "nope"), "no-such-codex", plain, home, orphan, binary]) {
      const result = await evaluate(command);
      expect(result).toMatchObject({ ok: false, failure: { class: "not_found", retryAt: null } });
      expect(JSON.stringify(result)).not.toContain(home);
    }
  });

  test("if the cache cannot be written or the settings cannot be read", async () => {
    await writeFile(join(home, ".cache"), "in the way");
    const command = await fakeCodex(answers);
    expect(await evaluate(command)).toMatchObject({ ok: false, failure: { class: "other" } });
    await rm(join(home, ".cache"));
    await writeFile(join(home, ".codex/config.toml"), "model = ");
    expect(await evaluate(command)).toMatchObject({
      ok: false,
      failure: { class: "other", message: "codex's `config.toml` is not valid TOML (run `codex` to see where)" },
    });
    await expectNothingLeft();
  });

  test("if codex does not support a schema for the answer", async () => {
    const command = await fakeCodex(answers);
    await writeFile(command, (await readFile(command, "utf8")).replace("--output-schema", "--output"));
    expect(await evaluate(command)).toMatchObject({
      ok: false,
      failure: { class: "other", message: "codex 9.9.9 does not support `--output-schema` (update codex)" },
    });
  });

  test("if the answer and the events are endless", async () => {
    const events = `yes '{"type":"item.completed"}' | head -c 30000000`;
    const command = await fakeCodex(`${events}; yes x | head -c 30000000 > "$ANSWER"`);
    expect(await evaluate(command)).toMatchObject({ ok: false, failure: { class: "bad_output" } });
  });
});

test("the command names the model only if one was chosen, and only options that codex supports", async () => {
  const report = join(home, "report");
  const command = await fakeCodex(answers);
  await writeFile(command, (await readFile(command, "utf8")).replace("while", `echo "$*" > ${report}\nwhile`));
  expect(await evaluate(command, { model: "--gpt" })).toMatchObject({ evaluation: { evaluator: { model: "--gpt" } } });
  const args = (await readFile(report, "utf8")).replaceAll(/\S+\/(?:evaluator\/[^/ ]+|ctx-[0-9a-f]{16})/g, "DIR");
  expect(args).toMatchInlineSnapshot(`
    "exec -C DIR/work --sandbox read-only --skip-git-repo-check --output-schema DIR/schema.json --output-last-message DIR/answer --json --ephemeral --model=--gpt -
    "
  `);
  await evaluate(command);
  expect(await readFile(report, "utf8")).not.toContain("--model");
});
