import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { appendExportRecord } from "../../src/runs/export-records.ts";
import {
  createSessionDirectory,
  findSessionDirectory,
  openGivenDirectory,
  sanitizeLabel,
  sessionDirectoryName,
} from "../../src/runs/session-directory.ts";
import type { SourceMatch } from "../../src/sessions/locate.ts";
import { formatIdentity, identifySelf } from "../../src/system/process-identity.ts";
import { sampleRecord, VERSION_1_RECORD } from "./sample-record.ts";

const startedAt = new Date("2026-11-22T05:13:59Z");
const zone = { value: "Europe/Berlin", from: "`CTX_TZ`" };
let root: string;
let sessions: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "ctx-session-"));
  sessions = join(root, ".codex/sessions");
});
afterEach(() => rmSync(root, { recursive: true }));

function matchOf(sessionId: string): SourceMatch {
  return {
    ...{ tool: "codex", path: `/logs/${sessionId}.jsonl`, sessionId, cwd: null, first: null, last: null, score: 0 },
    ...{ rule: "session-id", runnersUp: [], considered: 1 },
    query: { cwd: root, projectRoot: root, start: null, end: null, sessionId },
  };
}

const create = (sessionId: string, label: string) =>
  createSessionDirectory({ root, tool: "codex", label, startedAt, zone, match: matchOf(sessionId) });

/** Finds the directory of the session, or creates one. */
const choose = (sessionId: string, label = "Fix cart") => {
  const known = findSessionDirectory(root, "codex", sessionId);
  if (known !== null) return basename(known);
  return `${basename(create(sessionId, label))} created`;
};

describe("sanitizeLabel", () => {
  test.each([
    ["Fix cart", "Fix_cart"],
    ["  a\tb\nc ", "a_b_c"],
    ["feat(api): Käse & more!", "featapi_Kse__more"],
    ["../../etc/passwd", "etcpasswd"],
    ["-rf", "rf"],
    ["v1.2.", "v1.2"],
    ["", "session"],
    ["...", "session"],
    ["日本語", "session"],
    ["أصلح مجموع السلة", "session"],
    ["Почини корзину - 修正", "session"],
    ["\u001b[31mfix\u202e gnp.exe\u001b[0m it", "fix_gnp.exe_it"],
    ["x".repeat(500), "x".repeat(80)],
  ])("%p becomes %p", (label, name) => {
    expect(sanitizeLabel(label)).toBe(name);
  });
});

describe("sessionDirectoryName", () => {
  test("contains no secret of the label", () => {
    const label = `Use ghp_${"a1B2".repeat(9)} now`;
    expect(sessionDirectoryName(startedAt, label, zone)).toBe("2026-11-22-0613_Use_REDACTEDgithub-token_now");
  });

  test("the stamp is in the given time zone", () => {
    expect(sessionDirectoryName(startedAt, "Fix cart", zone)).toBe("2026-11-22-0613_Fix_cart");
    expect(sessionDirectoryName(startedAt, "x", { ...zone, value: "America/New_York" })).toBe("2026-11-22-0013_x");
    expect(sessionDirectoryName(startedAt, "x", { ...zone, value: "Asia/Kathmandu" })).toBe("2026-11-22-1058_x");
  });

  test("midnight is 0000 and years have four digits", () => {
    const utc = { ...zone, value: "UTC" };
    expect(sessionDirectoryName(new Date("2026-01-01T00:00:00Z"), "x", utc)).toBe("2026-01-01-0000_x");
  });

  test("an unknown time zone is an error that names the setting", () => {
    expect(() => sessionDirectoryName(startedAt, "x", { ...zone, value: "Mars/Base" })).toThrow(
      '`CTX_TZ` is not a time zone: "Mars/Base"',
    );
  });
});

describe("the session's directory, or a new one", () => {
  test("a new session gets a private directory in a folder whose `.gitignore` ignores everything", () => {
    expect(choose("one")).toBe("2026-11-22-0613_Fix_cart created");
    expect(readFileSync(join(sessions, ".gitignore"), "utf8")).toBe("*\n");
    expect(statSync(join(sessions, "2026-11-22-0613_Fix_cart")).mode & 0o777).toBe(0o700);
    Bun.spawnSync(["git", "init", "-q", root]);
    writeFileSync(join(sessions, "2026-11-22-0613_Fix_cart", "secret"), "");
    expect(Bun.spawnSync(["git", "-C", root, "status", "--porcelain", "-uall"]).stdout.toString()).toBe("");
  });

  test("a name in use gets _2, then _3, never the directory of another session", () => {
    expect([choose("one"), choose("two"), choose("three")]).toEqual([
      "2026-11-22-0613_Fix_cart created",
      "2026-11-22-0613_Fix_cart_2 created",
      "2026-11-22-0613_Fix_cart_3 created",
    ]);
  });

  test("a file of that name also counts as in use", () => {
    mkdirSync(sessions, { recursive: true });
    writeFileSync(join(sessions, "2026-11-22-0613_Fix_cart"), "");
    expect(choose("one")).toBe("2026-11-22-0613_Fix_cart_2 created");
  });

  test("a session keeps its directory when its label changes", () => {
    choose("one");
    choose("two");
    appendExportRecord(join(sessions, "2026-11-22-0613_Fix_cart_2"), sampleRecord({ session_id: "two" }));
    expect(choose("two", "Another label")).toBe("2026-11-22-0613_Fix_cart_2");
  });

  test("a directory without records belongs to its session, an empty one is reused by any", () => {
    choose("one");
    expect(choose("one")).toBe("2026-11-22-0613_Fix_cart");
    mkdirSync(join(sessions, "2026-11-22-0613_Fix_cart_2"));
    expect(choose("two")).toBe("2026-11-22-0613_Fix_cart_2 created");
    expect(choose("two", "Another label")).toBe("2026-11-22-0613_Fix_cart_2");
    writeFileSync(join(sessions, "2026-11-22-0613_Fix_cart/source_match.json"), "torn");
    expect(choose("one")).toBe("2026-11-22-0613_Fix_cart_3 created");
  });

  test.each([
    ["empty", ""],
    ["with half a record", '{"schema_version":2,"run_'],
  ])("a directory belongs to its session also if a crash left its export records %s", (_, records) => {
    choose("a");
    writeFileSync(join(sessions, "2026-11-22-0613_Fix_cart", "export_runs.jsonl"), records);
    expect(choose("a", "Other")).toBe("2026-11-22-0613_Fix_cart");
    expect(choose("b")).toBe("2026-11-22-0613_Fix_cart_2 created");
  });

  test("a directory with only a temporary file of a killed process is empty", async () => {
    const dead = formatIdentity({ ...(await identifySelf()), pid: 2 ** 22 - 1 });
    mkdirSync(join(sessions, "2026-11-22-0613_Fix_cart"), { recursive: true });
    writeFileSync(join(sessions, "2026-11-22-0613_Fix_cart", `.ctx-${dead}.tmp`), "{");
    expect(choose("a")).toBe("2026-11-22-0613_Fix_cart created");
    expect(readdirSync(join(sessions, "2026-11-22-0613_Fix_cart"))).toEqual(["source_match.json"]);
  });

  test("the same label gives another session another directory", () => {
    choose("one");
    appendExportRecord(
      join(sessions, "2026-11-22-0613_Fix_cart"),
      sampleRecord({ session_id: "one", label: "Fix cart" }),
    );
    expect(choose("two")).toBe("2026-11-22-0613_Fix_cart_2 created");
  });

  test("of two directories the one with the latest export is used", () => {
    for (const [name, created_at] of [
      ["a", "2026-11-22T09:00:00.000Z"],
      ["b", "2026-11-22T08:00:00.000Z"],
    ] as const) {
      mkdirSync(join(sessions, name), { recursive: true });
      appendExportRecord(join(sessions, name), sampleRecord({ session_id: "one", created_at }));
    }
    expect(choose("one")).toBe("a");
  });

  test("a directory of version 1 is found by the session id in the file name of its log", () => {
    mkdirSync(join(sessions, "2026-01-04-0207_Review"), { recursive: true });
    writeFileSync(join(sessions, "2026-01-04-0207_Review/export_runs.jsonl"), `${VERSION_1_RECORD}\n`);
    expect(choose("01a201e4-cb84-7a11-a7c6-963cd916f631")).toBe("2026-01-04-0207_Review");
  });

  test("a `.gitignore` that the user emptied stays empty", () => {
    choose("one");
    writeFileSync(join(sessions, ".gitignore"), "");
    choose("two");
    expect(readFileSync(join(sessions, ".gitignore"), "utf8")).toBe("");
  });

  test("a folder that is a link out of the project is refused, and such a link among the session directories is ignored", () => {
    const outside = mkdtempSync(join(tmpdir(), "ctx-outside-"));
    symlinkSync(outside, join(root, ".codex"));
    expect(() => choose("one")).toThrow("`.codex` leads out of the project");
    rmSync(join(root, ".codex"));
    mkdirSync(join(root, ".codex"));
    symlinkSync(join(outside, "deep"), sessions);
    expect(() => choose("one")).toThrow("`.codex/sessions` leads out of the project");
    rmSync(sessions);
    mkdirSync(join(root, "kept"));
    symlinkSync("../kept", sessions);
    expect(choose("one")).toBe("2026-11-22-0613_Fix_cart created");
    symlinkSync(outside, join(root, "kept", "elsewhere"));
    appendExportRecord(outside, sampleRecord({ session_id: "two" }));
    symlinkSync("loop", join(root, "kept", "loop"));
    expect(choose("two")).toBe("2026-11-22-0613_Fix_cart_2 created");
    expect(readdirSync(outside)).toEqual(["export_runs.jsonl"]);
    rmSync(outside, { recursive: true });
  });

  test("eight processes at once get eight directories", async () => {
    const script = `
      const { createSessionDirectory } = await import(${JSON.stringify(join(import.meta.dir, "../../src/runs/session-directory.ts"))});
      const [root] = process.argv.slice(-1);
      const startedAt = new Date(${startedAt.getTime()});
      const match = { sessionId: String(process.pid) };
      createSessionDirectory({ root, tool: "codex", label: "x", startedAt, zone: null, match });`;
    const children = Array.from({ length: 8 }, () => Bun.spawn([process.execPath, "-e", script, root]));
    expect(await Promise.all(children.map((child) => child.exited))).toEqual(children.map(() => 0));
    expect(readdirSync(sessions).filter((name) => name !== ".gitignore")).toHaveLength(8);
  });
});

describe("openGivenDirectory", () => {
  test("a directory among the session directories is private", () => {
    openGivenDirectory(join(sessions, "mine"), root, "codex");
    expect(readFileSync(join(sessions, ".gitignore"), "utf8")).toBe("*\n");
  });

  test("a directory outside the project is allowed, a link out of it is not", () => {
    const outside = mkdtempSync(join(tmpdir(), "ctx-outside-"));
    expect(openGivenDirectory(join(outside, "a/b"), root, "codex")).toBe(join(outside, "a/b"));
    expect(readdirSync(root)).toEqual([]);
    symlinkSync(outside, join(root, "out"));
    expect(() => openGivenDirectory(join(root, "out/x"), root, "codex")).toThrow("leads out of the project");
    rmSync(outside, { recursive: true });
  });
});
