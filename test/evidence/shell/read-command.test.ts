// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell expansions look like templates
import { describe, expect, test } from "bun:test";
import { resolve } from "node:path";
import { type CommandEnd, readCommand, readScript } from "../../../src/evidence/shell/read-command.ts";
import { quote } from "../../../src/evidence/shell/words.ts";
import { commandEvent } from "../events.ts";

/** Each command as `words [outcome]`, with its directory if it differs from where the script began. */
function commandsOf(source: string, status: CommandEnd, output = ""): string[] {
  return readScript(source, status, output).map(({ words, ran, succeeded, directory, outputs }) => {
    const text = words.map(({ value, source: typed }) => value ?? `?${typed}`).join(" ");
    const outcome = { true: "ok", false: "failed", null: "unknown" }[String(succeeded)];
    const files = outputs.map(({ target, append }) => ` ${append ? ">>" : ">"}${target.value ?? `?${target.source}`}`);
    const where = directory === "." ? "" : ` @${directory}`;
    return `${text}${files.join("")} [${ran === "maybe" ? "maybe " : ""}${outcome}]${where}`;
  });
}

describe("the outcomes by the exit status", () => {
  const cases: [source: string, status: CommandEnd, commands: string[]][] = [
    ["a", "zero", ["a [ok]"]],
    ["a", "nonzero", ["a [failed]"]],
    ["a", "unknown", ["a [unknown]"]],
    ["a; b", "zero", ["a [unknown]", "b [ok]"]],
    ["a\nb", "nonzero", ["a [unknown]", "b [failed]"]],
    ["a && b", "zero", ["a [ok]", "b [ok]"]],
    ["a && b", "nonzero", ["a [unknown]", "b [maybe failed]"]],
    ["a || b", "zero", ["a [unknown]", "b [maybe ok]"]],
    ["a || b", "nonzero", ["a [failed]", "b [failed]"]],
    ["a || true", "zero", ["a [unknown]", "true [maybe ok]"]],
    ["a || exit 1; b", "zero", ["a [ok]", "b [ok]"]],
    ["a || { echo bad; exit 1; }", "nonzero", ["a [failed]", "echo bad [ok]"]],
    ["! a", "zero", ["a [failed]"]],
    ["! a", "nonzero", ["a [ok]"]],
    ["a | b", "zero", ["a [unknown]", "b [ok]"]],
    ["set -o pipefail; a | b", "zero", ["a [ok]", "b [ok]"]],
    ["set -o pipefail\na | tail -5", "nonzero", ["a [failed]", "tail -5 [ok]"]],
    ["set -e; a; b", "zero", ["a [ok]", "b [ok]"]],
    ["set -e; a; b", "nonzero", ["a [unknown]", "b [maybe failed]"]],
    ["set -euo pipefail; a || true; b", "zero", ["a [unknown]", "true [maybe ok]", "b [ok]"]],
    ["set -e; set +e; a; b", "zero", ["a [unknown]", "b [ok]"]],
    ["a & b", "zero", ["a [unknown]", "b [ok]"]],
    ["(a; b)", "nonzero", ["a [unknown]", "b [failed]"]],
    ["(a; exit 1) || b", "zero", ["a [unknown]", "b [ok]"]],
    ["{ a && b; }", "zero", ["a [ok]", "b [ok]"]],
    ["time a", "nonzero", ["a [failed]"]],
    ["if a; then b; else c; fi", "zero", ["a [unknown]", "b [maybe ok]", "c [maybe ok]"]],
    ["if a; then b; fi; c", "zero", ["a [unknown]", "b [maybe unknown]", "c [ok]"]],
    ["while a; do b; done", "zero", ["a [unknown]", "b [maybe unknown]"]],
    ["case $X in y) a;; esac", "zero", ["a [maybe ok]"]],
    ["f() { a; }; f", "nonzero", ["a [failed]"]],
    ["f() { return 1; }; f || a", "zero", ["a [ok]"]],
    ["f() { f; }; f", "zero", ["f [ok]"]],
    ["a; exit $?", "nonzero", ["a [failed]"]],
    ["a; exit 0", "zero", ["a [unknown]"]],
    ["a | tail; exit ${PIPESTATUS[0]}", "nonzero", ["a [failed]", "tail [ok]"]],
    ["a; rc=$?; b; exit $rc", "nonzero", ["a [failed]", "b [unknown]"]],
    ["OUT=$(a); b", "zero", ["a [unknown]", "b [ok]"]],
    ["OUT=$(a)", "nonzero", ["a [failed]"]],
    ["b $(a)", "nonzero", ["a [unknown]", "b ?$(a) [failed]"]],
    ["[[ -f x ]] && a", "zero", ["[[ [ok]", "a [ok]"]],
    ["bash -c 'a && b'", "zero", ["a [ok]", "b [ok]"]],
    ["bash -euo pipefail -c 'a; b'", "zero", ["a [ok]", "b [ok]"]],
    ["timeout 9 sh -ec 'a; b' | tail", "zero", ["a [unknown]", "b [maybe unknown]", "tail [ok]"]],
    ["eval 'a; b'", "nonzero", ["a [unknown]", "b [failed]"]],
    ["a; b", "unfinished", ["a [unknown]", "b [unknown]"]],
    ["cd x && a", "unfinished", ["cd x [unknown] @x", "a [unknown] @x"]],
  ];
  for (const [source, status, commands] of cases) {
    test(`${source} → ${status}`, () => expect(commandsOf(source, status)).toEqual(commands));
  }
});

describe("the outcomes by the output", () => {
  test("a command that reports its errors and printed none succeeded", () => {
    expect(commandsOf("cd web && a", "nonzero", "boom")).toEqual(["cd web [ok] @web", "a [failed] @web"]);
  });
  test("a command that printed an error may have failed", () => {
    const output = "bash: line 1: cd: web: No such file or directory";
    expect(commandsOf("cd web && a", "nonzero", output)[1]).toBe("a [maybe failed] @web");
  });
  test("a command whose errors are not in the output may have failed", () => {
    expect(commandsOf("mv a b 2>/dev/null && c", "nonzero")[1]).toBe("c [maybe failed]");
    expect(commandsOf("mv a b &>log && c", "nonzero")[1]).toBe("c [maybe failed]");
    expect(commandsOf("mv a b 2>&1 && c", "nonzero")[1]).toBe("c [failed]");
  });
  test("an echoed exit status is believed", () => {
    expect(commandsOf('a > log; echo "exit: $?"', "zero", "exit: 1")[0]).toBe("a >log [failed]");
    expect(commandsOf("a; echo $?", "zero", "text\n0\n")[0]).toBe("a [ok]");
    expect(commandsOf("a | tail; echo EXIT=${PIPESTATUS[0]}", "zero", "EXIT=2")[0]).toBe("a [failed]");
    expect(commandsOf('a; rc=$?; tail log; echo "rc=$rc"', "zero", "rc=0")[0]).toBe("a [ok]");
  });
  test("two different echoed statuses are ignored", () => {
    expect(commandsOf("a; echo $?", "zero", "1\n0\n")[0]).toBe("a [unknown]");
  });
  test("the branch whose echo is in the output was taken", () => {
    expect(commandsOf("a && echo PASS || echo FAIL", "zero", "PASS\n")[0]).toBe("a [ok]");
    expect(commandsOf("a && echo PASS || echo FAIL", "zero", "FAIL\n")[0]).toBe("a [failed]");
    expect(commandsOf("if a; then echo good; else echo bad; fi", "zero", "bad\n")[0]).toBe("a [failed]");
  });
  test("a cut output rules nothing out", () => {
    expect(commandsOf("a && echo PASS || echo FAIL", "zero", "")[0]).toBe("a [unknown]");
  });
});

describe("words", () => {
  const cases: [source: string, words: (string | null)[]][] = [
    [`a 'b c' "d e" f\\ g`, ["a", "b c", "d e", "f g"]],
    [`a $'b\\tc'`, ["a", "b\tc"]],
    ['a $X "y$Y" $(date) `date`', ["a", null, null, null, null]],
    ["a *.js ?.ts [ab].c", ["a", null, null, null]],
    ["a '*.js' \\*.ts", ["a", "*.js", "*.ts"]],
    ["a src/{b,c}.js {1..3}", ["a", "src/b.js", "src/c.js", "1", "2", "3"]],
    ["a {b,$X}.js {1..99999}", ["a", null, null]],
    ['a ~/b $HOME/c "$PWD/d" $(pwd)/e', ["a", "~/b", "~/c", "./d", "./e"]],
    ["a \"$(cat <<'EOF'\nfeat: x\n\nbody $Y\nEOF\n)\"", ["a", "feat: x\n\nbody $Y"]],
    ['F=src/b.js; a $F "$F"', ["a", "src/b.js", "src/b.js"]],
    ["F='b c'; a $F \"$F\"", ["a", null, "b c"]],
    ["[ -f x ] || F=b; a $F", ["a", null]],
    ["a ünïcode/📁 файл", ["a", "ünïcode/📁", "файл"]],
  ];
  for (const [source, words] of cases) {
    test(source, () => {
      const last = readScript(source, "zero", "").at(-1);
      expect(last?.words.map(({ value }) => value)).toEqual(words);
    });
  }
  test("a loop over known words runs once per word", () => {
    expect(commandsOf("for f in a.js b.js; do sed -i s/x/y/ $f; done", "zero")).toEqual([
      "sed -i s/x/y/ a.js [ok]",
      "sed -i s/x/y/ b.js [ok]",
    ]);
  });
  test("a loop over unknown words is read once", () => {
    expect(commandsOf("for f in *.js; do rm $f; done", "zero")).toEqual(["rm ?$f [maybe unknown]"]);
  });
});

describe("the bounds of what is read", () => {
  const count = (source: string) => readScript(source, "zero", "").length;
  test("400 commands", () => {
    expect(count("a;".repeat(400))).toBe(400);
    expect(count("a;".repeat(401))).toBe(0);
  });
  test("256 kibibytes of source", () => {
    expect(count(`a ${"x".repeat(256 * 1024 - 2)}`)).toBe(1);
    expect(count(`a ${"x".repeat(256 * 1024 - 1)}`)).toBe(0);
  });
  test("16 iterations of a loop", () => {
    expect(count("for n in {1..16}; do a; done")).toBe(16);
    expect(count("for n in {1..17}; do a; done")).toBe(1);
  });
  test("64 words of a brace expansion", () => {
    const words = (source: string) => readScript(source, "zero", "")[0]?.words.length;
    expect(words("a {1..64}")).toBe(65);
    expect(words("a {1..65}")).toBe(2);
    expect(words("a {1..8}{1..8}")).toBe(65);
    expect(words("a {1..8}{1..9}")).toBe(2);
  });
  test("20,000 steps", () => {
    const loop = (body: string) => `for n in {1..16}; do ${body} done; `;
    const steps4369 = loop(loop(loop("x=1; ")));
    expect(count(`${steps4369.repeat(4)} a`)).toBe(1);
    expect(count(`${steps4369.repeat(5)} a`)).toBe(0);
  });
  test("48 paths that differ in a saved status", () => {
    const saved = (statuses: number) =>
      Array.from({ length: statuses }, (_, index) => `c${index}; r${index}=$?`).join("; ");
    expect(commandsOf(`${saved(5)}; exit $r0`, "nonzero")[0]).toBe("c0 [failed]");
    expect(commandsOf(`${saved(6)}; exit $r0`, "nonzero")[0]).toBe("c0 [unknown]");
  });
  test("8 levels of nested scripts", () => {
    const nested = (levels: number): string => (levels === 0 ? "a" : `eval ${quote(nested(levels - 1))}`);
    expect(commandsOf(nested(8), "zero")).toEqual(["a [ok]"]);
    expect(commandsOf(nested(9), "zero")).toEqual(["eval a [ok]"]);
  });
});

describe("where commands run", () => {
  const cases: [source: string, directories: (string | null)[]][] = [
    ["cd a && cd b && x", ["a", "a/b", "a/b"]],
    ["cd a; cd ..; x", ["a", ".", "."]],
    ["(cd a && x); y", ["a", "a", "."]],
    ["cd /srv/app && x", ["/srv/app", "/srv/app"]],
    ["cd && x", ["~", "~"]],
    ["cd ~/p && x", ["~/p", "~/p"]],
    ["cd $DIR && x", [null, null]],
    ["cd - && x", [null, null]],
    ["pushd a && x && popd && y", ["a", "a", null, null]],
    ["cd a | x; y", ["a", ".", "."]],
    ["bash -c 'cd a; x'; y", ["a", "a", "."]],
    ["DIR=a; cd $DIR && x", ["a", "a"]],
  ];
  for (const [source, directories] of cases) {
    test(source, () => {
      expect(readScript(source, "zero", "").map(({ directory }) => directory)).toEqual(directories);
    });
  }
});

describe("redirections", () => {
  const cases: [source: string, command: string][] = [
    ["a > 'b c'", "a >b c [ok]"],
    ["a >> b", "a >>b [ok]"],
    ["a >| b", "a >b [ok]"],
    ["a &> b", "a >b [ok]"],
    ["a > /dev/null 2>&1", "a [ok]"],
    ["a < b", "a [ok]"],
    ["a > $F", "a >?$F [ok]"],
    ["{ a; b; } > c", " >c [ok]"],
  ];
  for (const [source, command] of cases) test(source, () => expect(commandsOf(source, "zero")[0]).toBe(command));
  test("the text of a here-document without expansions is known", () => {
    expect(readScript("a <<'EOF'\n$x\nEOF", "zero", "")[0]?.input).toBe("$x\n");
    expect(readScript("a <<EOF\n$x\nEOF", "zero", "")[0]?.input).toBeNull();
  });
});

describe("a script that cannot be read", () => {
  const hostile = [
    "if a; then",
    "echo 'never closed",
    "a && ",
    "$(((((",
    ")",
    "<<EOF",
    `${"(".repeat(5000)}a${")".repeat(5000)}`,
    "a".repeat(300_000),
    "a;".repeat(2_000),
    "f() { f; f; f; f; f; f; f; f; f; f; }; f",
    [...Array.from({ length: 30 }, (_, n) => `f${n}() { f${n + 1}; f${n + 1}; f${n + 1}; }`), "f0"].join("\n"),
  ];
  for (const source of hostile) {
    test(`${source.slice(0, 40)} never throws`, () => {
      expect(readScript(source, "zero", "")).toBeArray();
    });
  }
  test("yields no commands where it does not parse", () => {
    expect(readScript("npm test && (", "zero", "")).toEqual([]);
  });
});

test.each([
  ["git -C web commit -m x", "/shop/web"],
  ["git --git-dir /srv/x.git commit -m x", null],
  ["git --git-dir=/srv/x.git commit -m x", null],
  ["git --work-tree /srv commit -m x", null],
  ["git -c user.name=x commit -m x", "/shop"],
  ["GIT_DIR=/srv/x.git git commit -m x", null],
  ["export GIT_WORK_TREE=/srv; git commit -m x", null],
])("%s works in %p", (command, directory) => {
  const { commands } = readCommand(commandEvent(command, { cwd: "/shop" }));
  const git = commands.at(-1)?.git ?? null;
  const where = git === null || git.directory === null ? null : resolve("/shop", git.directory);
  expect([git?.verb, where]).toEqual(["commit", directory]);
});
