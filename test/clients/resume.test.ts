// `ctx resume codex` with its list of sessions in a real terminal, and the real Codex.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Entry, entrySchema } from "../../src/changelog/entry.ts";
import { run } from "../../src/system/spawn.ts";
import { CTX } from "../program.ts";
import { codexPath, NEWEST_CODEX } from "./clients.ts";
import { prepareCodex, prepareRepository } from "./codex-session.ts";
import { type ResponsesEndpoint, startResponsesEndpoint } from "./responses-endpoint.ts";
import type { Step } from "./script.ts";
import { Terminal } from "./terminal.ts";

const UNATTENDED = "--dangerously-bypass-approvals-and-sandbox";

let home: string;
let repository: string;
let env: Record<string, string>;
let endpoint: ResponsesEndpoint;

/** The model: makes the file that the last prompt names, then ends the turn. */
function answer(body: unknown): Step {
  const asked = JSON.stringify(body);
  const name = asked.match(/[a-z]+\.txt/g)?.at(-1) ?? "none.txt";
  const called = asked.split(/"(?:function|custom_tool)_call_output"/).length - 1;
  const prompts = asked.split(/Please make /).length - 1;
  return called >= prompts ? { say: `Made ${name}.` } : { run: `echo made > ${name}` };
}

beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), "ctx-resume-")));
  repository = join(home, "shop");
  endpoint = await startResponsesEndpoint(answer);
  const settings = [
    'model = "gpt-6-sol"',
    "check_for_update_on_startup = false",
    `projects = { "${repository}" = { trust_level = "trusted" } }`,
    // Otherwise an Enter right after typed text counts as a part of that text.
    "tui = { animations = false, show_tooltips = false, disable_paste_burst = true }",
  ];
  const sandbox = await prepareCodex({ home, url: endpoint.url, settings: settings.join("\n") });
  await prepareRepository(sandbox, repository, { "README.md": "# Shop\n" });
  env = {
    ...sandbox.env,
    CTX_CHANGELOG: "1",
    CTX_ACTOR: "ada",
    CTX_CHANGELOG_EVALUATOR: "builtin",
    CTX_CODEX_CMD: codexPath(NEWEST_CODEX),
    XDG_STATE_HOME: join(home, "state"),
  };
  await ctx("Fix cart", "--codex", "exec", UNATTENDED, "Please make cart.txt");
  await ctx("Add tax", "--codex", "exec", UNATTENDED, "Please make tax.txt");
}, 60_000);
afterEach(async () => {
  await endpoint.stop();
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
});

test("the chosen session is resumed, and each key reaches the program it is meant for", async () => {
  await using terminal = await Terminal.open({ cwd: repository, env });
  for (const key of ["Escape", "C-c"]) {
    await openList(terminal);
    await terminal.type("tax");
    await terminal.waitFor((screen) => !screen.includes("Fix cart"));
    await terminal.press(key);
    // Terminals read Escape and a key right after it as one key, so the prompt of the shell is awaited.
    await terminal.waitFor(/■.*\$$/s);
    await terminal.enter(`echo "${key}: $?"`);
    await terminal.waitFor(`${key}: 130`);
    expect(await terminal.ask("cursor_flag")).toBe("1");
  }
  const list = await openList(terminal);
  expect(list).toMatch(/● Add tax {3}[^,]+, 1 prompt, 1 file$/m);
  expect(list).toMatch(/○ Fix cart {2}[^,]+, 1 prompt, 1 file$/m);
  await terminal.press("Down", "Enter");
  await terminal.waitFor(/permissions: YOLO.*Made cart\.txt/s);
  await terminal.type("Please make third.txt");
  await terminal.waitFor("Please make third.txt");
  await terminal.press("Enter");
  await terminal.waitFor("Made third.txt");
  await terminal.enter("/quit");
  await terminal.waitFor(/recorded an entry/);
  await terminal.enter('clear; echo "status $?"; stty -a');
  const end = await terminal.waitFor(/status 0.*echonl/s);
  expect(end).toMatch(/[^-]icanon.*[^-]echo /s);
  expect(await terminal.ask("cursor_flag")).toBe("1");

  const [cart, tax, third, ...more] = await readEntries();
  expect(more).toEqual([]);
  expect(third).toMatchObject({
    session_id: cart?.session_id,
    session_dir: cart?.session_dir,
    label: "Fix cart",
    continuation_of_run_id: cart?.run_id,
    touched_files: { created: ["third.txt"] },
  });
  expect(tax?.session_id).not.toBe(cart?.session_id);
}, 90_000);

/** Opens the list. Codex runs without its daemon. */
async function openList(terminal: Terminal): Promise<string> {
  await terminal.enter(`clear; ${CTX.join(" ")} resume codex -- --no-daemon ${UNATTENDED}`);
  return await terminal.waitFor(/Which Codex session do you want to resume.*Fix cart/s);
}

async function ctx(...args: string[]): Promise<void> {
  const { code, stderr } = await run([...CTX, ...args], { cwd: repository, env });
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
}

async function readEntries(): Promise<Entry[]> {
  const text = await readFile(join(repository, ".changelog/ada/entries.jsonl"), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => entrySchema.parse(JSON.parse(line)));
}
