// A login that was refreshed during an evaluation is the only valid one: if it cannot be returned to the user, the next
// evaluation returns it.
import { expect, test } from "bun:test";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { answers, FakeCodexHome, PATH } from "../evaluate/codex/fake-codex.ts";
import { MAY_TRACE } from "./strace.ts";

const EVALUATE = resolve(import.meta.dir, "../evaluate/programs/evaluate.ts");

test.if(MAY_TRACE)(
  "on a full disk the refreshed login and the answer of the model are kept",
  async () => {
    const fakeHome = await FakeCodexHome.create();
    try {
      const auth = join(fakeHome.home, ".codex/auth.json");
      writeFileSync(auth, '{"token":"old"}', { mode: 0o600 });
      const command = await fakeHome.fakeCodex(`echo '{"token":"new"}' > "$CODEX_HOME/auth.json"; ${answers}`);
      const traced = ["strace", "-f", "-b", "execve", "-o", join(fakeHome.home, "trace")];
      const fault = ["-e", "trace=rename", "-e", "inject=rename:error=ENOSPC"];
      const child = Bun.spawn([...traced, ...fault, process.execPath, EVALUATE, "codex", command, fakeHome.home], {
        env: { PATH, HOME: fakeHome.home },
        stdout: "pipe",
        stderr: "inherit",
      });
      expect(JSON.parse(await child.stdout.text())).toMatchObject({
        ok: true,
        evaluation: { description: { summary: "Done." } },
      });
      await child.exited;
      expect(readFileSync(join(fakeHome.home, "trace"), "utf8")).toContain("(INJECTED)");
      expect(readFileSync(auth, "utf8")).toBe('{"token":"old"}');
      expect(readdirSync(fakeHome.evaluators)).toHaveLength(1);

      const next = await fakeHome.fakeCodex(`cat "$CODEX_HOME/auth.json" > ${fakeHome.home}/borrowed; ${answers}`);
      expect(await fakeHome.evaluate(next)).toMatchObject({ ok: true });
      expect(readFileSync(join(fakeHome.home, "borrowed"), "utf8")).toBe('{"token":"new"}\n');
      expect(readFileSync(auth, "utf8")).toBe('{"token":"new"}\n');
      expect(readdirSync(fakeHome.evaluators)).toEqual([]);
    } finally {
      await fakeHome.remove();
    }
  },
  60_000,
);
