import { expect, test } from "bun:test";
import { readAnnouncements, readListedCommits } from "../../../src/evidence/git/printed-commits.ts";

test("a commit has the files that git lists below its line", () => {
  const output =
    "[main 1a2b3c4] feat: a\n 4 files changed, 2 insertions(+)\n create mode 100644 new.js\n delete mode 100644 old.js\n" +
    ' create mode 100644 "caf\\303\\251.js"\n rename src/{a.js => b.js} (90%)\n rename c.js => d.js (100%)\n';
  expect(readAnnouncements(output)).toEqual([
    {
      hash: "1a2b3c4",
      subject: "feat: a",
      created: ["new.js", "café.js"],
      deleted: ["old.js"],
      renamed: [
        { from: "src/a.js", to: "src/b.js", changed: true },
        { from: "c.js", to: "d.js", changed: false },
      ],
    },
  ]);
});

test("each commit is read, also of a detached head and of a root commit", () => {
  const output = "[detached HEAD 1a2b3c4] one\nnoise\n[main (root-commit) 2b3c4d5] two\n";
  expect(readAnnouncements(output).map(({ hash, subject }) => [hash, subject])).toEqual([
    ["1a2b3c4", "one"],
    ["2b3c4d5", "two"],
  ]);
});

test("listed commits are read from lines, full entries and bare hashes", () => {
  const full = "1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d";
  const output = `2b3c4d5 (HEAD -> main) feat: b\n* 3c4d5e6 fix: c\ncommit ${full}\nAuthor: a\n\n    docs: d\n4d5e6f7\n`;
  expect(readListedCommits(output)).toEqual([
    { hash: "2b3c4d5", subject: "feat: b" },
    { hash: "3c4d5e6", subject: "fix: c" },
    { hash: full, subject: "docs: d" },
    { hash: "4d5e6f7", subject: null },
  ]);
});
