// Recorded output of ps and lsof; `open-files.test.ts` runs the programs where they are installed.
import { afterEach, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openForWritingByLsof, parseProcesses, parseWritten } from "../../src/system/lsof.ts";
import { waitForFile } from "../wait-until.ts";

const PATH = process.env.PATH;
let folder = "";
afterEach(async () => {
  process.env.PATH = PATH;
  if (folder !== "") await rm(folder, { recursive: true, force: true });
  folder = "";
});

/** Sets a PATH that contains only these shell scripts. */
async function onlyPrograms(scripts: Record<string, string>): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), "lsof-"));
  for (const [name, script] of Object.entries(scripts)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, name), 0o755);
  }
  process.env.PATH = folder;
}

test("reads processes with their parents, and session leaders from the state", () => {
  const listing = [
    "    1     0 Ss  ",
    "  501     1 S   ",
    "71234   501 Ss+ ",
    "71240 71234 S+  ",
    "71241 71240 U+  ",
    "71242 71240 ?Es ",
    "",
  ].join("\n");
  expect(parseProcesses(listing)).toEqual([
    { pid: 1, parent: 0, leadsSession: true },
    { pid: 501, parent: 1, leadsSession: false },
    { pid: 71_234, parent: 501, leadsSession: true },
    { pid: 71_240, parent: 71_234, leadsSession: false },
    { pid: 71_241, parent: 71_240, leadsSession: false },
    { pid: 71_242, parent: 71_240, leadsSession: true },
  ]);
});

test("lists the files open for writing by process", () => {
  const fields = [
    "p71240|fcwd|a |n/Users/ada/shop|ftxt|a |n/opt/homebrew/bin/node",
    "f0|au|n/dev/ttys003|f21|ar|n/private/var/db/timezone/tz/icutz44l.dat|f3|au|ncount=1",
    "p71241|fcwd|a |n/Users/ada/shop|f1|aw|n/Users/ada/.codex/log/codex-tui.log",
    "f12|aw|n/private/var/folders/x1/two words/rollout.jsonl|f13|a |n->0x5e1a|",
  ]
    .join("|")
    .replaceAll("|", "\n");
  expect(parseWritten(fields)).toEqual(
    new Map([
      [71_240, ["/dev/ttys003", "count=1"]],
      [71_241, ["/Users/ada/.codex/log/codex-tui.log", "/private/var/folders/x1/two words/rollout.jsonl"]],
    ]),
  );
});

test.each([
  ["/tmp/new\\nline", "/tmp/new\nline"],
  ["/tmp/tab\\tbell\\b", "/tmp/tab\tbell\b"],
  ["/tmp/\\xc3\\xbc\\xe6\\x97\\xa5", "/tmp/ü日"],
  ["/tmp/ü", "/tmp/ü"],
  ["/tmp/back\\\\nslash", "/tmp/back\\nslash"],
  ["/tmp/odd\\slash", "/tmp/odd\\slash"],
  ["/tmp/caret^A", "/tmp/caret^A"],
])("unescapes %j", (printed, path) => {
  expect(parseWritten(`p1\nf3\naw\nn${printed}\n`).get(1)).toEqual([path]);
});

/** On macOS lsof is in /usr/sbin, which is always searched. */
const missable = ["ps", "lsof"].filter((name) => !existsSync(join("/usr/sbin", name)));

test.each(missable)("returns null without %s", async (missing) => {
  await onlyPrograms({ [missing === "ps" ? "lsof" : "ps"]: "echo" });
  expect(await openForWritingByLsof(1, () => true, new AbortController().signal)).toBeNull();
});

test("queries a generation at once, but no descendants of holders or session leaders", async () => {
  await onlyPrograms({
    ps: "printf '%s\\n' '10 1 S+' '11 10 S+' '12 10 S+' '13 10 Ss' '14 11 S+' '15 12 S+' '16 13 S'",
    lsof: `echo "$*" >> "$(/usr/bin/dirname "$0")/asked"; printf 'p12\\nf3\\naw\\nn/held\\n'`,
  });
  expect(await openForWritingByLsof(10, (path) => path === "/held", new AbortController().signal)).toEqual(["/held"]);
  const asked = await Bun.file(join(folder, "asked")).text();
  expect(asked.trim().split("\n")).toEqual(["10", "11,12", "14"].map((pids) => `-nPw -F pfan -p ${pids}`));
});

test("ends a hanging program when it is aborted", async () => {
  await onlyPrograms({ ps: "echo 10 1 S+", lsof: `echo > "\${0%/*}/began"; exec /bin/sleep 60` });
  const question = new AbortController();
  const answer = openForWritingByLsof(10, () => true, question.signal);
  await waitForFile(join(folder, "began"));
  question.abort();
  expect(await answer).toEqual([]);
});
