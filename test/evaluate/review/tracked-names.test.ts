import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DigestCollector } from "../../../src/digest/collector.ts";
import { trackedNames } from "../../../src/evaluate/review/tracked-names.ts";
import { about, command, edit, evidence, reply } from "../../digest/sample.ts";

test("the files that git tracks are found among the names in outputs and replies, by their path or their name", async () => {
  const root = await mkdtemp(join(tmpdir(), "ctx-tracked-"));
  try {
    const git = (...args: string[]) => Bun.spawnSync(["git", "-C", root, ...args]);
    git("init", "--quiet");
    await Bun.write(join(root, "test/price.test.js"), "1");
    await Bun.write(join(root, "src/money.js"), "1");
    await Bun.write(join(root, "docs/a.md"), "1");
    git("add", "--all");
    await Bun.write(join(root, "src/untracked.js"), "1");
    const output =
      "not ok 1 - ./test/price.test.js\n  in money.js:4:2 and src/untracked.js, see nowhere/at-all.js and src/*.js";
    const collector = new DigestCollector();
    collector.push(command("npm test", { outcome: "failed", exitCode: 1, output }));
    collector.push(reply("I read docs/a.md and docs/gone.md."));
    collector.push(command("cat src/untracked.js"));
    collector.push(edit(["/x"], { outcome: "failed", error: "no such text in src/untracked.js" }));
    expect(await trackedNames(root, collector.build(evidence(), about))).toEqual([
      "docs/a.md",
      "src/money.js",
      "test/price.test.js",
    ]);
    expect(await trackedNames(root, new DigestCollector().build(evidence(), about))).toEqual([]);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
