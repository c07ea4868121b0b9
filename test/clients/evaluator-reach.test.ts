// What the real evaluators open, run and connect to: each runs under strace in a home folder with files that it must not
// touch. docs/evaluator.md documents the same limits.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { realpathSync } from "node:fs";
import { mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DigestCollector } from "../../src/digest/collector.ts";
import { claude } from "../../src/evaluate/claude/claude.ts";
import { evaluateWithCli } from "../../src/evaluate/cli-evaluation.ts";
import { codex } from "../../src/evaluate/codex/codex.ts";
import { about, evidence, prompt } from "../digest/sample.ts";
import { claudePath, codexPath, NEWEST_CLAUDE, NEWEST_CODEX } from "./clients.ts";
import { prepareCodex, writeFiles } from "./codex-session.ts";
import { answerOf } from "./evaluation.ts";
import { startMessagesEndpoint } from "./messages-endpoint.ts";
import { startResponsesEndpoint } from "./responses-endpoint.ts";

const STRACE = Bun.which("strace");
/** Whether programs may be traced: some containers forbid it, and other systems have no strace. */
const canTrace = STRACE !== null && Bun.spawnSync([STRACE, "-qq", "-o", "/dev/null", "true"]).success;
const DESCRIPTION = { summary: "Fixed the cart.", bullets: ["Totals are right now."], tags: ["fix"], notes: null };
const LOGIN = {
  claudeAiOauth: {
    accessToken: "sk-ant-oat01-x",
    refreshToken: "sk-ant-ort01-x",
    expiresAt: Date.UTC(2100, 0),
    scopes: ["user:inference"],
    subscriptionType: "max",
  },
};

let home: string;
let repository: string;
beforeAll(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), "ctx-reach-")));
  repository = join(home, "shop");
  await writeFiles(home, {
    ".gitconfig": "[user]\n\tname = Ada\n",
    ".ssh/id_rsa": "PRIVATE",
    ".npmrc": "//registry/:_authToken=PRIVATE",
    ".bashrc": "touch ~/RAN",
    ".codex/AGENTS.md": "RUDENESS",
    ".agents/skills/spy/SKILL.md": "---\nname: spy\ndescription: spies\n---\nSPYING",
    ".claude/CLAUDE.md": "RUDENESS",
    ".claude/settings.json": "{}",
    ".claude/.credentials.json": JSON.stringify(LOGIN),
    ".claude.json": "{}",
    "shop/AGENTS.md": "RUDENESS",
    "shop/CLAUDE.md": "RUDENESS",
    "shop/.git/config": "",
  });
});
afterAll(() => rm(home, { recursive: true, force: true }));

interface Observed {
  ok: boolean;
  variables: string[];
  /** The paths that were opened, and those opened for writing. */
  opened: string[];
  written: string[];
  connected: string[];
  listened: string[];
  ran: string[];
}

/** Runs an evaluation with its program under strace. */
async function watch(name: "codex" | "claude", real: string, env: Record<string, string>): Promise<Observed> {
  const folder = await mkdtemp(join(tmpdir(), "ctx-strace-"));
  try {
    const wrapper = join(folder, name);
    const traced = `'${STRACE}' -f -qq -s 400 -e trace=open,openat,openat2,creat,connect,bind,listen,execve,execveat -o '${folder}'/trace.$$`;
    await writeFile(wrapper, `#!/bin/sh\n/usr/bin/env -0 > '${folder}'/env.$$\nexec ${traced} '${real}' "$@"\n`, {
      mode: 0o755,
    });
    const collector = new DigestCollector();
    collector.push(prompt(`Look at @${repository}/AGENTS.md and @${home}/.ssh/id_rsa`));
    const digest = collector.build(evidence(), about);
    const options = {
      command: wrapper,
      model: null,
      timeoutMs: 170_000,
      env: { ...env, SECRET_OF_THE_USER: "x", CLAUDECODE: "1", CODEX_THREAD_ID: "x" },
      home,
    };
    const result =
      name === "codex" ? await evaluateWithCli(codex, digest, options) : await evaluateWithCli(claude, digest, options);
    const texts = async (prefix: string) => {
      const names = (await readdir(folder)).filter((file) => file.startsWith(prefix));
      return (await Promise.all(names.map((file) => readFile(join(folder, file), "utf8")))).join("\n");
    };
    const trace = await texts("trace.");
    const calls = (pattern: RegExp) => [...new Set([...trace.matchAll(pattern)].map(([, found = ""]) => found))].sort();
    return {
      ok: result.ok,
      variables: [
        ...new Set((await texts("env.")).split("\0").map((line) => line.replace(/^\n/, "").split("=")[0] ?? "")),
      ]
        .filter(Boolean)
        .sort(),
      opened: calls(/\b(?:open|openat2?|creat)\((?:AT_FDCWD, )?"([^"]+)".* = \d+/g),
      written: calls(/\b(?:open|openat2?|creat)\((?:AT_FDCWD, )?"([^"]+)".*O_(?:WRONLY|RDWR|CREAT).* = \d+/g),
      // When another thread interrupts a call, strace prints the result of the call on a later line.
      connected: calls(/\bconnect\(\d+, (\{.*\}), \d+(?:\)| <unfinished)/g),
      listened: calls(/\b(?:bind|listen)\(\d+, (.*)\) += 0/g),
      ran: calls(/\bexecve(?:at)?\("([^"]+)".* = 0/g),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Replaces paths by their kind: the private folders of an evaluation, the program, and the system. */
function kindsOf(paths: readonly string[], real: string): string[] {
  const packages = dirname(dirname(dirname(realpathSync(real).replace(/\/node_modules\/.*/, "/node_modules/x/y"))));
  const names = paths.map((path) => {
    if (path.startsWith(join(home, ".cache/ai-code-sessions/evaluator/"))) return "private folder";
    if (/^\/tmp\/ctx-[0-9a-f]{16}(?:\/|$)/.test(path.replace(tmpdir(), "/tmp"))) return "temporary folder";
    if (path.startsWith(packages) || path === real) return "program";
    if (/^\/(?:usr|lib|lib64|bin|proc|sys|dev)\//.test(path) || path === "/") return "system";
    return /^\/etc\/(?:ssl|pki|ca-certificates)\//.test(path) ? "certificates" : path;
  });
  return [...new Set(names)].sort();
}

const OWN = ["private folder", "temporary folder"];
const SYSTEM_FILES =
  "debian_version dpkg/origins/debian gai.conf host.conf hosts ld.so.cache localtime lsb-release machine-id nsswitch.conf os-release passwd resolv.conf ssl"
    .split(" ")
    .map((name) => `/etc/${name}`);
const READABLE = [...OWN, "program", "system", "certificates", "/var/tmp", ...SYSTEM_FILES];
const COMMON_VARIABLES =
  "HOME LANG NO_COLOR PATH TZ GIT_CEILING_DIRECTORIES GIT_CONFIG_GLOBAL GIT_CONFIG_NOSYSTEM".split(" ");
const CLAUDE_VARIABLES = [
  "ANTHROPIC_API_KEY",
  "ANTHROPIC_BASE_URL",
  "CLAUDE_CONFIG_DIR",
  "CLAUDE_CODE_TMPDIR",
  "CLAUDE_CODE_MAX_RETRIES",
  "CLAUDE_CODE_DISABLE_ATTACHMENTS",
  "CLAUDE_CODE_DISABLE_AUTO_MEMORY",
  "CLAUDE_CODE_DISABLE_CLAUDE_MDS",
  "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC",
  "DISABLE_AUTOUPDATER",
  "DISABLE_ERROR_REPORTING",
  "DISABLE_TELEMETRY",
];

function expectReach(observed: Observed, real: string, url: string, variables: readonly string[]): void {
  expect(observed.ok).toBe(true);
  // The shell of the wrapper adds its own folder.
  expect(observed.variables.filter((name) => ![...COMMON_VARIABLES, ...variables, "PWD"].includes(name))).toEqual([]);
  expect(kindsOf(observed.opened, real).filter((kind) => !READABLE.includes(kind))).toEqual([]);
  expect(kindsOf(observed.opened, real)).toContain("private folder");
  expect(
    kindsOf(observed.written, real).filter((kind) => ![...OWN, "/var/tmp"].includes(kind) && kind !== "system"),
  ).toEqual([]);
  expect(observed.written.filter((path) => /^\/(?:usr|lib|bin|proc|sys)/.test(path))).toEqual([]);
  const provider = `htons(${new URL(url).port})`;
  const elsewhere = observed.connected.filter((to) => !to.includes(provider) && !/htons\(53\)|nscd\/socket/.test(to));
  expect({ elsewhere, provider: observed.connected.some((to) => to.includes(provider)) }).toEqual({
    elsewhere: [],
    provider: true,
  });
  const sockets = observed.listened.filter((socket) => socket.includes("sa_family"));
  expect(
    sockets.filter(
      (socket) => !/AF_UNIX, sun_path="[^"]*\/ctx-[0-9a-f]{16}\//.test(socket) && !socket.includes("AF_NETLINK"),
    ),
  ).toEqual([]);
  expect(kindsOf(observed.ran, real).filter((kind) => !["program", "system"].includes(kind))).toEqual([]);
}

/** All files in the home folder except the cache of `ctx`. */
async function userFiles(): Promise<string[]> {
  return (await readdir(home, { recursive: true })).filter((path) => !path.startsWith(".cache")).sort();
}

test.if(canTrace)(
  "Codex reaches only the private folders of an evaluation, its provider and the system",
  async () => {
    const real = codexPath(NEWEST_CODEX);
    const endpoint = await startResponsesEndpoint([{ say: JSON.stringify(answerOf(DESCRIPTION)) }]);
    const sandbox = await prepareCodex({ home, url: endpoint.url });
    const before = await userFiles();
    const observed = await watch("codex", real, sandbox.env);
    await endpoint.stop();
    expectReach(observed, real, endpoint.url, ["CODEX_HOME", "LOCAL_KEY"]);
    expect(await userFiles()).toEqual(before);
    expect(await readdir(join(home, ".cache/ai-code-sessions/evaluator"))).toEqual([]);
  },
  400_000,
);

test.if(canTrace).each(["key", "login"])(
  "Claude Code with a %s reaches only the private folders of an evaluation, its provider and the system",
  async (login) => {
    const real = claudePath(NEWEST_CLAUDE);
    const endpoint = await startMessagesEndpoint([
      { call: { name: "StructuredOutput", arguments: answerOf(DESCRIPTION) } },
    ]);
    const key = login === "key" ? { ANTHROPIC_API_KEY: "sk-ant-x" } : {};
    const before = await userFiles();
    const environment = {
      PATH: process.env.PATH ?? "",
      HOME: home,
      ANTHROPIC_BASE_URL: endpoint.url,
      TZ: "UTC",
      ...key,
    };
    const observed = await watch("claude", real, environment);
    await endpoint.stop();
    expectReach(observed, real, endpoint.url, CLAUDE_VARIABLES);
    expect(await userFiles()).toEqual(before);
    expect(await readdir(join(home, ".cache/ai-code-sessions/evaluator"))).toEqual([]);
  },
  400_000,
);
