// How the version and the options of a codex are detected and cached.
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdir, readFile, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { answers, FakeCodexHome } from "./fake-codex.ts";

let place: FakeCodexHome;
let home: string;
beforeEach(async () => {
  place = await FakeCodexHome.create();
  home = place.home;
});
afterEach(() => place.remove());

const fakeCodex = (lines: string, first?: string) => place.fakeCodex(lines, first);
const evaluate = (command: string, over: { timeoutMs?: number } = {}) => place.evaluate(command, over);

describe("the user's home folder", () => {
  const report = () => readFile(join(home, "homes"), "utf8");
  const tell = () => `echo "$HOME" >> ${home}/homes`;

  test("is hidden from Codex", async () => {
    expect(await evaluate(await fakeCodex(answers, tell()))).toMatchObject({ ok: true });
    expect(await report()).not.toContain(`${home}\n`);
    expect(await report()).toContain("/evaluator/");
  });

  test("is given to a launcher that needs it, and the cache says so", async () => {
    const command = await fakeCodex(
      answers,
      `${tell()}; [ "$HOME" = ${home} ] || { echo "no version set" >&2; exit 1; }`,
    );
    expect(await evaluate(command)).toMatchObject({ ok: true, evaluation: { evaluator: { version: "9.9.9" } } });
    await rm(join(home, "homes"));
    expect(await evaluate(command)).toMatchObject({ ok: true });
    expect(await report()).toBe(`${home}\n`);
  });

  test("is not given to a launcher that hangs", async () => {
    const command = await fakeCodex(answers, `${tell()}; exec sleep 30`);
    expect(await evaluate(command, { timeoutMs: 300 })).toMatchObject({ ok: false, failure: { class: "timeout" } });
    expect(await report()).not.toContain(`${home}\n`);
  });

  test("is given to Codex only if the provider's credentials come from it", async () => {
    const command = await fakeCodex(`${tell()}; ${answers}`);
    const provider = 'model_provider = "corp"\n[model_providers.corp]\nauth = { command = "print-token" }\n';
    await writeFile(join(home, ".codex/config.toml"), provider);
    await evaluate(command);
    await writeFile(join(home, ".codex/config.toml"), "");
    await evaluate(command);
    const [first, second] = (await report()).trim().split("\n");
    expect(first).toBe(home);
    expect(second).toContain("/evaluator/");
  });
});

describe("the capabilities of a codex", () => {
  const cache = () => join(home, ".cache/ai-code-sessions/codex-traits.json");
  const asked = async () => (await readFile(join(home, "asked"), "utf8").catch(() => "")).trim().split("\n").sort();
  const counting = (lines: string) => fakeCodex(lines, `echo "$1" >> ${home}/asked`);

  test("are not cached if it was killed before it had answered", async () => {
    const stopped = `[ "$2" = --help ] && [ ! -e ${home}/again ] && { touch ${home}/again; kill -TERM $$; sleep 5; }`;
    const command = await fakeCodex(answers, stopped);
    expect(await evaluate(command)).toMatchObject({ ok: false });
    expect(await evaluate(command)).toMatchObject({ ok: true });
  });

  test("are detected once, and cached in a private file", async () => {
    const command = await counting(answers);
    await evaluate(command);
    expect(await asked()).toEqual(["--version", "exec", "exec"]);
    expect((await stat(cache())).mode & 0o777).toBe(0o600);
    await rm(join(home, "asked"));
    await symlink(command, join(home, "alias"));
    for (const name of [command, join(home, "alias")]) {
      expect(await evaluate(name)).toMatchObject({ ok: true, evaluation: { evaluator: { version: "9.9.9" } } });
    }
    expect(await asked()).toEqual(["exec", "exec"]);
  });

  test("are detected again if the file changed, the cache is old, or it failed for an unknown reason", async () => {
    const command = await counting(answers);
    await evaluate(command);
    const again = async () => {
      await rm(join(home, "asked"));
      await evaluate(command);
      return (await asked()).includes("--version");
    };
    expect(await again()).toBe(false);
    await utimes(command, 1, 1);
    expect(await again()).toBe(true);
    const kept = JSON.parse(await readFile(cache(), "utf8"));
    for (const days of [2, -1]) {
      const asked_at = new Date(Date.now() - days * 86_400_000).toISOString();
      const executables = kept.executables.map((one: object) => ({ ...one, asked_at }));
      await writeFile(cache(), JSON.stringify({ ...kept, executables }));
      expect(await again()).toBe(true);
    }
    await counting("exit 2");
    await evaluate(command);
    expect(await again()).toBe(true);
  });

  test("are detected again if the cache is damaged or cannot be written", async () => {
    const command = await counting(answers);
    for (const damage of [
      "",
      "{",
      "[]",
      '{"schema":1}',
      '{"schema":1,"executables":[{"identity":3}]}',
      "x".repeat(300_000),
    ]) {
      await mkdir(join(home, ".cache/ai-code-sessions"), { recursive: true });
      await writeFile(cache(), damage);
      expect(await evaluate(command)).toMatchObject({ ok: true, evaluation: { evaluator: { version: "9.9.9" } } });
      expect(JSON.parse(await readFile(cache(), "utf8")).executables).toHaveLength(1);
    }
    await rm(cache());
    await mkdir(cache());
    expect(await evaluate(command)).toMatchObject({ ok: true });
    expect((await asked()).filter((flag) => flag === "--version")).toHaveLength(7);
  });

  test("are cached for the latest 16 executables", async () => {
    for (let n = 0; n < 20; n++) await evaluate(await fakeCodex(answers, `# ${"#".repeat(n)}`));
    expect(JSON.parse(await readFile(cache(), "utf8")).executables).toHaveLength(16);
  });
});
