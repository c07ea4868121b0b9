// biome-ignore-all lint/suspicious/noTemplateCurlyInString: scripts under test hold templates of their own.
import { describe, expect, test } from "bun:test";
import {
  CWD,
  call,
  custom,
  customOutput,
  event,
  type Fields,
  item,
  only,
  output,
  parse,
  scriptOutput,
} from "./rollout.ts";

const PATCH = "*** Begin Patch\n*** Add File: a.js\n+x\n*** End Patch\n";
const result = (code: number, text: string) => JSON.stringify({ chunk_id: "ab", exit_code: code, output: text });
const script = (source: string) => custom("c1", "exec", source);
const commands = (...records: Fields[]) => only("command", parse(...records));
const edits = (...records: Fields[]) => only("edit", parse(...records));
const REFUSAL =
  'Script error:\nexec_command failed: CreateProcess { message: "Rejected(\\"`/bin/bash -lc \'rm -rf tests\'` rejected: blocked by policy\\")" }';

describe("scripts of logs without items", () => {
  test("a command gets its result", () => {
    const source = 'const r = await tools.exec_command({"cmd":"npm test","workdir":"web"});\ntext(r);';
    expect(commands(script(source), scriptOutput("c1", "completed", result(1, "1 failed\n")))).toMatchObject([
      { command: "npm test", cwd: `${CWD}/web`, outcome: "failed", exitCode: 1, output: "1 failed\n" },
    ]);
  });

  test("several commands in one script get their results", () => {
    const source = `
      const a = await tools.exec_command({ cmd: "npm test" }); text(a);
      const b = await tools.exec_command({ cmd: "git commit -qm 'x'" }); text(b);`;
    const made = commands(script(source), scriptOutput("c1", "completed", result(1, "no"), result(0, "")));
    expect(made.map(({ command, exitCode }) => [command, exitCode])).toEqual([
      ["npm test", 1],
      ["git commit -qm 'x'", 0],
    ]);
  });

  test("results may be printed as one list", () => {
    const source = "text(await Promise.all([tools.exec_command({cmd:'a'}), tools.exec_command({cmd:'b'})]));";
    const made = commands(script(source), scriptOutput("c1", "completed", `[${result(0, "")},${result(2, "")}]`));
    expect(made.map(({ exitCode }) => exitCode)).toEqual([0, 2]);
  });

  test("results that cannot be assigned to commands are ignored", () => {
    const source = "const a = await tools.exec_command({cmd:'a'}); text(await tools.exec_command({cmd:'b'}));";
    const made = commands(script(source), scriptOutput("c1", "completed", result(1, "")));
    expect(made.map(({ outcome }) => outcome)).toEqual(["unknown", "unknown"]);
  });

  test("a command of which only the output was printed has an unknown outcome", () => {
    const source = "const r = await tools.exec_command({cmd:'cat a'}); text(r.output);";
    expect(commands(script(source), scriptOutput("c1", "completed", "hello"))).toMatchObject([
      { outcome: "unknown", exitCode: null, output: "hello" },
    ]);
  });

  test("a patch applied if the script completed", () => {
    const source = `const patch = ${JSON.stringify(PATCH)};\nconst r = await tools.apply_patch(patch);\ntext(r);`;
    expect(edits(script(source), scriptOutput("c1", "completed", "{}"))).toMatchObject([
      { outcome: "ok", cwd: CWD, changes: [{ type: "add", path: "a.js", diff: "x\n" }] },
    ]);
  });

  test("calls after a patch that does not apply never ran", () => {
    const source = `await tools.apply_patch(${JSON.stringify(PATCH)});\ntext(await tools.exec_command({cmd:"npm test"}));`;
    const error = "Script error:\napply_patch verification failed: no such file";
    const parsed = parse(script(source), scriptOutput("c1", "failed", error));
    expect(only("edit", parsed)).toMatchObject([
      { outcome: "failed", error: "apply_patch verification failed: no such file" },
    ]);
    expect(only("command", parsed)).toEqual([]);
  });

  test("a patch before the failed call applied", () => {
    const source = `await tools.apply_patch(${JSON.stringify(PATCH)});\nawait tools.exec_command({cmd:"rm -rf tests"});`;
    const parsed = parse(script(source), scriptOutput("c1", "failed", REFUSAL));
    expect(only("edit", parsed)).toMatchObject([{ outcome: "ok" }]);
    expect(only("command", parsed)).toMatchObject([{ command: "rm -rf tests", outcome: "refused" }]);
  });

  test("a refusal belongs to the command it quotes", () => {
    const source = "await tools.exec_command({cmd:'ls'}); await tools.exec_command({cmd:'rm -rf tests'});";
    const made = commands(script(source), scriptOutput("c1", "failed", REFUSAL));
    expect(made.map(({ command, outcome }) => [command, outcome])).toEqual([
      ["ls", "unknown"],
      ["rm -rf tests", "refused"],
    ]);
  });

  test("a later script continues a command that was left running", () => {
    const first = "text(await tools.exec_command({cmd:'npm test', yield_time_ms: 250}));";
    const later = "text(await tools.write_stdin({session_id: 77, chars: ''}));";
    const made = commands(
      script(first),
      scriptOutput("c1", "completed", JSON.stringify({ chunk_id: "a", session_id: 77, output: "one\n" })),
      custom("c2", "exec", later),
      scriptOutput("c2", "completed", result(1, "two\n")),
    );
    expect(made).toMatchObject([
      { id: "c1.1", command: "npm test", outcome: "failed", exitCode: 1, output: "one\ntwo\n" },
    ]);
  });

  test("`wait` continues a script that yielded", () => {
    const source = "text(await tools.exec_command({cmd:'npm test'}));";
    const made = commands(
      script(source),
      scriptOutput("c1", "running with cell ID 5"),
      call("c2", "wait", { cell_id: "5" }),
      output("c2", [
        { type: "input_text", text: "Script completed\nWall time 9.0 seconds\nOutput:\n" },
        { type: "input_text", text: result(0, "ok\n") },
      ]),
    );
    expect(made).toMatchObject([{ command: "npm test", outcome: "ok", output: "ok\n" }]);
  });

  test("a notification is not the script's result", () => {
    const source = "notify('half'); text(await tools.exec_command({cmd:'npm test'}));";
    const made = commands(script(source), customOutput("c1", "half"), scriptOutput("c1", "completed", result(0, "")));
    expect(made).toMatchObject([{ outcome: "ok" }]);
  });

  test("a script with calls that are not understood is a tool event", () => {
    const source = "for (const f of files) text(await tools.exec_command({cmd: `cat ${f}`}));";
    const parsed = parse(script(source), scriptOutput("c1", "completed", result(0, "")));
    expect(only("command", parsed)).toEqual([]);
    expect(only("tool", parsed)).toMatchObject([{ name: "exec", input: source }]);
  });

  test("the commands of a stopped script were interrupted", () => {
    const source = "text(await tools.exec_command({cmd:'sleep 20'}));";
    expect(commands(script(source), customOutput("c1", "aborted by user after 2.2s"))).toMatchObject([
      { command: "sleep 20", outcome: "interrupted" },
    ]);
    expect(commands(script(source))).toMatchObject([{ command: "sleep 20", outcome: "running" }]);
  });
});

describe("scripts of logs with items", () => {
  const begin = [
    event("task_started", { turn_id: "t1" }),
    item("UserMessage", { content: [{ type: "text", text: "go" }] }),
  ];
  const ran = (command: string, code: number) =>
    item("CommandExecution", {
      id: `exec-${command}`,
      command: ["/bin/bash", "-lc", command],
      exit_code: code,
      status: code === 0 ? "completed" : "failed",
    });

  test("only items decide what ran", () => {
    const source =
      "for (const c of ['a','b']) text(await tools.exec_command({cmd:c})); if (0) await tools.exec_command({cmd:'never'});";
    const parsed = parse(
      ...begin,
      script(source),
      ran("a", 0),
      ran("b", 1),
      scriptOutput("c1", "completed", result(0, ""), result(1, "")),
    );
    expect(only("command", parsed).map(({ command, outcome }) => [command, outcome])).toEqual([
      ["a", "ok"],
      ["b", "failed"],
    ]);
    expect(only("tool", parsed)).toEqual([]);
  });

  test("a refused command has no item, and comes from the script", () => {
    const source = "text(await tools.exec_command({cmd:'ls'})); text(await tools.exec_command({cmd:'rm -rf tests'}));";
    const made = commands(...begin, script(source), ran("ls", 0), scriptOutput("c1", "failed", result(0, ""), REFUSAL));
    expect(made.map(({ command, outcome }) => [command, outcome])).toEqual([
      ["ls", "ok"],
      ["rm -rf tests", "refused"],
    ]);
  });

  test("a patch that does not apply has no item, and comes from the script", () => {
    const source = `text(await tools.apply_patch(${JSON.stringify(PATCH)}));`;
    const error = "Script error:\napply_patch verification failed: no such file";
    expect(edits(...begin, script(source), scriptOutput("c1", "failed", error))).toMatchObject([{ outcome: "failed" }]);
    const failed = item("FileChange", {
      id: "exec-1",
      status: "failed",
      changes: { "/a.js": { type: "add", content: "x" } },
    });
    expect(edits(...begin, script(source), failed, scriptOutput("c1", "failed", error))).toHaveLength(1);
  });

  test("a script without items is a tool event", () => {
    const parsed = parse(
      ...begin,
      script("await tools.update_plan({plan:[]});"),
      scriptOutput("c1", "completed", "{}"),
    );
    expect(only("tool", parsed)).toMatchObject([{ name: "exec", id: "c1" }]);
  });

  test("the items of a stopped script decide", () => {
    const source = "text(await tools.exec_command({cmd:'sleep 20'}));";
    const aborted = event("turn_aborted", { turn_id: "t1" });
    const killed = (status: number) =>
      item("CommandExecution", {
        id: "exec-1",
        command: ["bash", "-c", "sleep 20"],
        exit_code: status,
        status: "failed",
      });
    for (const status of [-1, 137]) {
      const made = commands(...begin, script(source), aborted, killed(status));
      expect(made).toMatchObject([{ id: "exec-1", outcome: "interrupted", exitCode: null }]);
    }
    expect(commands(...begin, script(source), aborted, killed(1))).toMatchObject([{ outcome: "failed", exitCode: 1 }]);
    expect(commands(...begin, script(source), killed(137))).toMatchObject([{ outcome: "failed", exitCode: 137 }]);
  });

  test("a script that was killed together with Codex has no items", () => {
    const source = "text(await tools.exec_command({cmd:'sleep 20'}));";
    expect(commands(...begin, script(source))).toMatchObject([{ outcome: "running" }]);
    expect(commands(...begin, script(source), event("task_started", { turn_id: "t2" }))).toMatchObject([
      { outcome: "interrupted" },
    ]);
  });

  test("whether items decide is determined for each turn", () => {
    const source = "text(await tools.exec_command({cmd:'npm test'}));";
    const made = commands(
      ...begin,
      event("task_started", { turn_id: "t2" }),
      script(source),
      scriptOutput("c1", "completed", result(0, "")),
    );
    expect(made).toMatchObject([{ command: "npm test", outcome: "ok" }]);
  });

  test("a plan item does not mean that calls have items", () => {
    const made = commands(
      event("task_started", { turn_id: "t1" }),
      item("Plan", { text: "First this." }),
      script("text(await tools.exec_command({cmd:'npm test'}));"),
      scriptOutput("c1", "completed", result(0, "")),
    );
    expect(made).toHaveLength(1);
  });
});
