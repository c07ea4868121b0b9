// The files of a killed evaluation are removed by the next command, and a login that was refreshed in them is kept.
import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { processQueue } from "../../src/catch-up/run-queue.ts";
import { exportLatest } from "../../src/export/export.ts";
import { cleanUpEvaluations } from "../../src/export/record-entry.ts";
import { sha256 } from "../../src/system/crypto.ts";
import { formatIdentity, identifySelf, type ProcessIdentity } from "../../src/system/process-identity.ts";
import { recoverRuns } from "../../src/wrapper/recover.ts";

const RECORDING = resolve(import.meta.dir, "../fixtures/codex/0.169.0");
const GONE = { pid: 2 ** 22 - 1 };
const FIRST = '{"token":"first"}';
const REFRESHED = '{"token":"refreshed"}';

let base: string;
let notices: string[];
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "ctx-tidy-")));
  notices = [];
});
afterEach(() => rmSync(base, { recursive: true }));

const login = () => join(base, ".codex/auth.json");
const context = () => ({
  ...{ env: { XDG_STATE_HOME: join(base, "state") }, home: base, now: () => new Date() },
  onNotice: (notice: string) => void notices.push(notice),
});

/** The home of an evaluation whose process was killed. */
async function leaveHome(owner: Partial<ProcessIdentity>): Promise<string> {
  const folder = join(
    base,
    ".cache/ai-code-sessions/evaluator",
    formatIdentity({ ...(await identifySelf()), ...owner }),
  );
  for (const made of [folder, join(base, ".codex")]) mkdirSync(made, { recursive: true });
  writeFileSync(login(), FIRST);
  writeFileSync(join(folder, "loan.json"), JSON.stringify({ path: login(), copy: "auth.json", sha256: sha256(FIRST) }));
  writeFileSync(join(folder, "auth.json"), REFRESHED);
  return folder;
}

const work = { evaluator: { name: "builtin", command: "builtin", model: null, timeoutMs: 1 } as const, roots: [] };
const nothing = { concurrency: 1, exports: false, isAbandoned: () => false, onBegin: () => {}, onOutcome: () => {} };

test.each([
  ["`ctx recover`", () => recoverRuns({ root: base }, false, { ...context(), evaluation: "now" })],
  ["a backfill", () => processQueue({ ...work, assignments: [], beyondLimit: 0 }, { ...context(), ...nothing })],
])("%s removes it", async (_, next) => {
  const folder = await leaveHome(GONE);
  await next();
  expect(existsSync(folder)).toBe(false);
  expect(readFileSync(login(), "utf8")).toBe(REFRESHED);
  expect(notices).toEqual([]);
});

test("an export removes it, whatever its evaluator is", async () => {
  const folder = await leaveHome(GONE);
  const truth = JSON.parse(readFileSync(join(RECORDING, "truth.json"), "utf8"));
  cpSync(join(RECORDING, "sessions"), join(base, "codex/sessions"), { recursive: true });
  mkdirSync(join(base, "shop"));
  await exportLatest({
    ...{ ...context(), env: { CODEX_HOME: join(base, "codex"), PATH: process.env.PATH } },
    ...{ tool: "codex", cwd: truth.cwd, projectRoot: join(base, "shop"), start: null, end: null, sessionId: null },
    ...{ output: null, label: "", changelog: false, actor: null, evaluator: "builtin", model: null, timeoutMs: null },
  });
  expect(existsSync(folder)).toBe(false);
  expect(readFileSync(login(), "utf8")).toBe(REFRESHED);
});

test("a running evaluation is not touched, and a dry run removes nothing", async () => {
  const living = await leaveHome({});
  const gone = await leaveHome(GONE);
  await recoverRuns({ root: base }, true, { ...context(), evaluation: "now" });
  expect(existsSync(gone)).toBe(true);
  await cleanUpEvaluations(context());
  expect([existsSync(living), existsSync(gone)]).toEqual([true, false]);
});

test("files that cannot be removed are reported, without an error", async () => {
  mkdirSync(join(base, ".cache/ai-code-sessions"), { recursive: true });
  // A link that points to itself cannot be listed.
  symlinkSync("evaluator", join(base, ".cache/ai-code-sessions/evaluator"));
  await cleanUpEvaluations(context());
  expect(notices).toEqual([expect.stringContaining("could not remove the files of a killed evaluation: ")]);
});
