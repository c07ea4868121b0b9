import { expect, test } from "bun:test";
import { mkdtemp, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reconcile } from "../../../src/evidence/files/reconcile.ts";

test("more than 2,000 changes that the log does not name are not the run's", async () => {
  const root = await mkdtemp(join(tmpdir(), "reconcile-"));
  const time = Date.now() + 3_600_000;
  await utimes(root, new Date(time), new Date(time));
  const deletedOf = async (count: number) => {
    const changes = new Map(
      Array.from({ length: count }, (_, index) => [
        `${index}.js`,
        { before: `100644 ${index}`, after: null, byHistory: false },
      ]),
    );
    const tree = { submodules: [], has: () => true, content: () => null, under: () => [] };
    const log = {
      touched: { created: [], modified: [], deleted: [], moved: [] },
      grades: new Map(),
      named: new Map(),
      isVisible: () => true,
    };
    const comparison = { changes, tree, untracked: [], knows: () => true };
    const spans = [{ from: time, to: time, commits: false, directory: null }];
    return (await reconcile(log, { comparison, root, since: 0, spans })).deleted.length;
  };
  expect(await deletedOf(2_000)).toBe(2_000);
  expect(await deletedOf(2_001)).toBe(0);
  await rm(root, { recursive: true });
});
