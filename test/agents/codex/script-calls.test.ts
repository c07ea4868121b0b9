// biome-ignore-all lint/suspicious/noTemplateCurlyInString: scripts under test hold templates of their own.
import { expect, test } from "bun:test";
import { scriptCalls } from "../../../src/agents/codex/script-calls.ts";

const argumentsOf = (source: string) => scriptCalls(source).map(({ text, fields }) => text ?? fields);

test.each([
  ['tools.exec_command({"cmd":"ls"})', { cmd: "ls" }],
  ["tools.exec_command({cmd:'it\\'s', login: false, n: -1.5e3,})", { cmd: "it's", login: false, n: -1500 }],
  ['tools["exec_command"]({cmd: "ls"})', { cmd: "ls" }],
  ["tools . exec_command /* why */ ( // so\n { cmd: `a\nb` } )", { cmd: "a\nb" }],
  ['tools.apply_patch("a\\nb\\u00e9\\u{1F600}\\x41")', "a\nbé😀A"],
  ["tools.apply_patch(String.raw`a\\nb`)", "a\\nb"],
  ["tools.apply_patch(`a\\`b\\${c}`)", "a`b${c}"],
  ["tools.apply_patch(\"a\" + 'b' + `c`)", "abc"],
  ['tools.apply_patch(["a", "b"].join("\\n"))', "a\nb"],
  ['const p = "a";\nawait tools.apply_patch(p)', "a"],
  ['const p = "a"\nconst q = p + "b"\nawait tools.apply_patch(q)', "ab"],
  ['const cmd = "ls";\nawait tools.exec_command({cmd, workdir: "/x"})', { cmd: "ls", workdir: "/x" }],
  ["const o = {cmd: 'ls'}; tools.exec_command(o)", { cmd: "ls" }],
  ["tools.exec_command({cmd: ('ls')})", { cmd: "ls" }],
])("the argument of %p is read", (source, expected) => {
  expect(argumentsOf(source)).toEqual([expected]);
});

test.each([
  "tools.exec_command({cmd: `cat ${name}`})",
  "tools.exec_command({cmd: name})",
  "tools.exec_command({cmd: 'a'.repeat(3)})",
  "tools.exec_command({...options, cmd: 'a'})",
  "tools.exec_command({cmd: f('a')})",
  "tools.exec_command({cmd: wet ? 'a' : 'b'})",
  "let p = 'a'; p = other(); tools.apply_patch(p)",
  "let p = 'a'; p += 'b'; tools.apply_patch(p)",
  "{ const p = 'a'; } { const p = 'b'; } tools.apply_patch(p)",
  "const p = 'a'; for (const p of patches) tools.apply_patch(p)",
  "const p = 'a'.trim(); tools.apply_patch(p)",
  "const p = 'a' + other; tools.apply_patch(p)",
  "tools.apply_patch(p.text)",
  "const list = ['a']; list.push('b'); tools.apply_patch(list.join(''))",
  "tools.apply_patch('a', 'b')",
  "tools.apply_patch()",
])("the argument of %p is unknown", (source) => {
  expect(scriptCalls(source)).toMatchObject([{ text: null, fields: null }]);
});

test.each([
  "// tools.exec_command({cmd: 'ls'})",
  "/* tools.exec_command({cmd: 'ls'}) */",
  "text(\"tools.exec_command({cmd: 'ls'})\")",
  "text(`tools.exec_command({cmd: 'ls'})`)",
  "text(`${`tools.x({`}tools.exec_command({cmd: 'ls'})`)",
  "s.match(/tools.exec_command({cmd: 'ls'})/)",
  "tools",
  "tools.exec_command",
])("%p contains no call", (source) => {
  expect(scriptCalls(source)).toEqual([]);
});

test("calls are returned in source order", () => {
  const source =
    "await Promise.all([tools.a({n: 1}), tools.b({n: 2})]); tools.c({n: 3}); const x = 4 / 2; tools.d({n: 4}) / 1";
  expect(scriptCalls(source).map(({ tool }) => tool)).toEqual(["a", "b", "c", "d"]);
});

test("an invalid or hostile script neither throws nor hangs", () => {
  expect(scriptCalls("tools.exec_command({cmd: 'unfinished")).toMatchObject([{ fields: null }]);
  expect(scriptCalls(`tools.x(${"[".repeat(100_000)}`)).toMatchObject([{ fields: null }]);
  expect(scriptCalls("`${".repeat(300_000))).toEqual([]);
  const doubling = Array.from({ length: 60 }, (_, index) => `const a${index + 1} = a${index} + a${index};`).join("\n");
  expect(argumentsOf(`const a0 = "x";\n${doubling}\ntools.x(a60)`)).toEqual([null]);
  const nesting = Array.from({ length: 60 }, (_, index) => `const b${index + 1} = [b${index}, b${index}];`).join("\n");
  expect(argumentsOf(`const b0 = ["x"];\n${nesting}\ntools.x([b60].join(""))`)).toEqual([null]);
  expect(scriptCalls("/".repeat(100_000))).toEqual([]);
  expect(scriptCalls("\"'`".repeat(10_000))).toEqual([]);
  expect(scriptCalls("a;".repeat(5_000_000))).toEqual([]);
  expect(argumentsOf('tools.x({"__proto__": {"a": 1}})')).toHaveLength(1);
});
