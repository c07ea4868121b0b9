// Evaluations killed at random moments while their tool still runs: the next one removes what was left, and returns a
// login that was refreshed. `CTX_KILLS=200 bun test test/evaluate/kills.slow.test.ts` does it
// 200 times.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hasProcessWith } from "../../src/system/find-processes.ts";
import { Random, SEED } from "../seeded-random.ts";
import { answers, FakeCodexHome, PATH } from "./codex/fake-codex.ts";

const KILLS = Number(process.env.CTX_KILLS ?? 4);
/** The duration of an evaluation on a slow machine. */
const MAX_MS = 900;
const worker = join(import.meta.dir, "programs/evaluate.ts");

const random = new Random(SEED);

let place: FakeCodexHome;
beforeEach(async () => {
  place = await FakeCodexHome.create();
});
afterEach(() => place.remove());

// Elsewhere `ctx` cannot find the processes that a killed evaluation left: it needs `/proc`.
test.if(process.platform === "linux")(
  `${KILLS} evaluations killed at random moments (CTX_SEED=${SEED}) leave nothing behind, and no login is lost`,
  async () => {
    const { home } = place;
    const temporary = join(home, "tmp");
    const auth = join(home, ".codex/auth.json");
    const refreshed = join(home, "refreshed");
    mkdirSync(temporary);
    writeFileSync(auth, '{"token":"first"}', { mode: 0o600 });
    const env = { PATH, HOME: home, TMPDIR: temporary };
    const start = (command: string) =>
      Bun.spawn([process.execPath, worker, "codex", command, home], { env, stdout: "ignore", stderr: "inherit" });
    let caught = 0;
    for (let round = 0; round < KILLS; round += 1) {
      const token = `{"token":"round ${round}"}`;
      rmSync(refreshed, { force: true });
      const slow = await place.fakeCodex(`sleep 0.05
        printf '%s' '${token}' > "$CODEX_HOME/new" && mv "$CODEX_HOME/new" "$CODEX_HOME/auth.json" && touch '${refreshed}'
        sleep 0.1
        ${answers}
        sleep 0.1`);
      const before = readFileSync(auth, "utf8");
      const killed = start(slow);
      await Bun.sleep(random.next() * MAX_MS);
      killed.kill("SIGKILL");
      await killed.exited;
      if (existsSync(place.evaluators) && readdirSync(place.evaluators).length > 0) caught += 1;

      const next = start(await place.fakeCodex(answers));
      await next.exited;
      expect(readdirSync(place.evaluators)).toEqual([]);
      expect(readdirSync(temporary).filter((name) => name.startsWith("ctx-"))).toEqual([]);
      expect(readdirSync(join(home, ".codex"))).toEqual(["auth.json"]);
      expect(statSync(auth).mode & 0o777).toBe(0o600);
      expect([before, token]).toContain(readFileSync(auth, "utf8"));
      if (readdirSync(home).includes("refreshed")) expect(readFileSync(auth, "utf8")).toBe(token);
      expect(hasProcessWith("TMPDIR", temporary)).toBe(false);
    }
    if (process.env.CTX_KILLS !== undefined) process.stdout.write(`${KILLS} kills, ${caught} left something behind\n`);
  },
  KILLS * 20_000,
);
