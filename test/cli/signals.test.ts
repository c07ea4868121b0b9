import { expect, test } from "bun:test";
import { chmod, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { CTX } from "../program.ts";
import { waitForFile } from "../wait-until.ts";
import { Sandbox } from "./sandbox.ts";

const RECORDING = resolve(import.meta.dir, "../fixtures/codex/0.169.0");

/** A script that acts as Codex, refreshes its login and then hangs, which the real Codex cannot be made to do. */
const WAITING_CODEX = `#!/bin/sh
case "$*" in
  --version) echo "codex-cli 0.169.0"; exit ;;
  *--help*) echo "  --output-schema FILE"; echo "  --json"; exit ;;
esac
echo '{"tokens":"refreshed"}' > "$CODEX_HOME/auth.json"
touch "$(dirname "$0")/waiting"
while :; do sleep 0.1; done
`;

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s during an evaluation stops it, returns the refreshed login and records the run without a model",
  async (signal) => {
    await using sandbox = await Sandbox.create();
    const home = join(sandbox.root, "home");
    const codex = join(home, "codex");
    await cp(join(RECORDING, "sessions"), join(home, ".codex/sessions"), { recursive: true });
    await writeFile(join(home, ".codex/auth.json"), '{"tokens":"old"}');
    await writeFile(codex, WAITING_CODEX);
    await chmod(codex, 0o755);
    const work = join(home, "shop");
    await mkdir(work);

    const child = Bun.spawn(
      [
        ...CTX,
        ...["export-latest", "--tool", "codex", "--session-id", "01a201e4-cb84-7a11-a7c6-963cd916f631"],
        ...["--changelog", "--changelog-actor", "ada", "--changelog-evaluator", "codex"],
      ],
      { cwd: work, env: { ...sandbox.env, CTX_CODEX_CMD: codex }, stdout: "ignore", stderr: "pipe" },
    );
    await waitForFile(join(home, "waiting"));
    child.kill(signal);
    await child.exited;

    const number = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 }[signal];
    expect(child.exitCode).toBe(128 + number);
    expect(await readFile(join(home, ".codex/auth.json"), "utf8")).toContain("refreshed");
    const [row = ""] = (await readFile(join(work, ".changelog/ada/entries.jsonl"), "utf8")).split("\n");
    expect(JSON.parse(row).evaluator.name).toBe("builtin");
  },
);
