// A home folder with a fake `codex` that runs the shell lines of a test.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DigestCollector } from "../../../src/digest/collector.ts";
import { evaluateWithCli } from "../../../src/evaluate/cli-evaluation.ts";
import { codex } from "../../../src/evaluate/codex/codex.ts";
import { about, evidence, prompt } from "../../digest/sample.ts";

const ANSWER = JSON.stringify({ summary: "Done.", bullets: ["It is done."], tags: [], notes: null });
export const PATH = process.env.PATH ?? "";

/** A shell line that writes a valid answer. */
export const answers = `printf '%s' '${ANSWER}' > "$ANSWER"`;

export class FakeCodexHome {
  readonly home: string;
  /** The folder of the isolated homes. */
  readonly evaluators: string;

  private constructor(home: string) {
    this.home = home;
    this.evaluators = join(home, ".cache/ai-code-sessions/evaluator");
  }

  static async create(): Promise<FakeCodexHome> {
    const place = new FakeCodexHome(await mkdtemp(join(tmpdir(), "ctx-codex-")));
    await mkdir(join(place.home, ".codex"), { mode: 0o700 });
    return place;
  }

  async remove(): Promise<void> {
    await rm(this.home, { recursive: true, force: true });
  }

  /**
   * A `codex` that runs the lines of `first` on every call, and `lines` on `exec`; `$ANSWER` is the file for the last
   * message.
   */
  async fakeCodex(lines: string, first = ""): Promise<string> {
    const path = join(this.home, "codex");
    const script = `#!/bin/sh
${first}
case "$*" in
  --version) echo "codex-cli 9.9.9"; exit;;
  "exec --help") printf '  -C, --cd <DIR>\\n      --ephemeral\\n      --json\\n      --output-schema <FILE>\\n'; exit;;
esac
while [ $# -gt 0 ]; do [ "$1" = --output-last-message ] && ANSWER=$2; shift; done
${lines}
`;
    await writeFile(path, script, { mode: 0o755 });
    return path;
  }

  evaluate(command: string, over: { timeoutMs?: number; env?: Record<string, string>; model?: string } = {}) {
    const { home } = this;
    const collector = new DigestCollector();
    collector.push(prompt("Fix it"));
    const { timeoutMs = 20_000, env = {}, model = null } = over;
    return evaluateWithCli(codex, collector.build(evidence(), about), {
      command,
      model,
      timeoutMs,
      env: { PATH, HOME: home, ...env },
      home,
    });
  }
}
