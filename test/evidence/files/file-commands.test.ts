import { describe, expect, test } from "bun:test";
import { readFileOperations } from "../../../src/evidence/files/file-commands.ts";
import { readScript } from "../../../src/evidence/shell/read-command.ts";

/** Every operation in short: `change a`, `move a → b`. */
function operationsOf(source: string): string[] {
  return readScript(source, "zero", "")
    .filter(({ ran }) => ran === "yes")
    .flatMap(readFileOperations)
    .map((operation) => {
      if (operation.kind === "move" || operation.kind === "copy") {
        return `${operation.kind}${"changed" in operation && operation.changed ? "!" : ""} ${operation.from.glob ? "glob " : ""}${operation.from.path} → ${operation.to}`;
      }
      if (operation.kind === "delete") {
        return `delete${operation.recursive ? " -r" : ""}${operation.forced ? " -f" : ""} ${operation.path}`;
      }
      return "path" in operation ? `${operation.kind} ${operation.path}` : operation.kind;
    });
}

describe("what a command does to files", () => {
  const cases: [command: string, operations: string[]][] = [
    ["mv a b", ["move a → b"]],
    ["mv -f -- a b", ["move a → b"]],
    ["mv a b dir", ["move a → dir/", "move b → dir/"]],
    ["mv -t dir a b", ["move a → dir/", "move b → dir/"]],
    ["mv 'my file' dir/", ["move my file → dir/"]],
    ["mv src/{a,b}.js", ["move src/a.js → src/b.js"]],
    ["mv a ..", ["move a → ../"]],
    ["cp -r a b", ["copy a → b"]],
    ["install -m 755 a bin/a", ["copy a → bin/a"]],
    ["install -d bin", ["folder bin"]],
    ["ln -s a b", ["write b"]],
    ["rm a 'b c'", ["delete a", "delete b c"]],
    ["rm -rf dist/", ["delete -r -f dist"]],
    ["rm -- -odd", ["delete -odd"]],
    ["rm *.tmp $X", ["delete *.tmp"]],
    ["touch a b", ["touch a", "touch b"]],
    ["touch -c a", []],
    ["touch -d yesterday a", ["touch a"]],
    ["mkdir -p a/b", ["folder a/b"]],
    ["echo x > a", ["write a"]],
    ["echo x >> a", ["append a"]],
    ["cat <<'EOF' > a\nx\nEOF", ["write a"]],
    ["printf x | tee a b > /dev/null", ["write a", "write b"]],
    ["printf x | tee -a a", ["append a"]],
    ["truncate -s 0 a", ["write a"]],
    ["sed -i 's/a/b/' x y", ["change x", "change y"]],
    ["sed -i '' 's/a/b/' x", ["change x"]],
    ["sed -i.bak 's/a/b/' x", ["write x.bak", "change x"]],
    ["sed -i -e 's/a/b/' -e 's/c/d/' x", ["change x"]],
    ["sed -E -i 's/a/b/' x", ["change x"]],
    ["sed -ni 's/a/b/p' x", ["change x"]],
    ["sed --in-place=.old 's/a/b/' x", ["write x.old", "change x"]],
    ["sed --in-place --expression='s/a/b/' x", ["change x"]],
    ["sed -n 1,3p x", []],
    ["sed 's/a/b/' x > y", ["write y"]],
    ["perl -pi -e 's/a/b/' x y", ["change x", "change y"]],
    ["perl -i -pe 's/a/b/' x", ["change x"]],
    ["perl -0pi -e 's/a/b/' x", ["change x"]],
    ["perl -pi.bak -e 's/a/b/' x", ["write x.bak", "change x"]],
    ["perl -ne 'print' x", []],
    ["dd if=/dev/zero of=a bs=1 count=1", ["write a"]],
    ["curl -sSL -o a https://example.com/a", ["write a"]],
    ["wget -O a https://example.com/a", ["write a"]],
    ["git mv a b", ["move a → b"]],
    ["git rm -q a b", ["delete a", "delete b"]],
    ["git rm -r --cached a", []],
    ["git -C sub mv a b", ["move sub/a → sub/b"]],
    ["git checkout -- a b", ["restore a", "restore b"]],
    ["git checkout HEAD -- a", ["restore a"]],
    ["git checkout -q -- a", ["restore a"]],
    ["git checkout main -- a", ["change a"]],
    ["git checkout .", ["restore ."]],
    ["git checkout main", []],
    ["git checkout a.js b.js", ["restore a.js", "restore b.js"]],
    ["git checkout HEAD~1 a.js", ["change a.js"]],
    ["git clean -fd", ["clean ."]],
    ["git clean -nd", []],
    ["chmod +x a", ["mode a"]],
    ["chmod 644 a", ["mode a"]],
    ["chmod o-r a", []],
    ["mv src/*.js lib", ["move glob src/*.js → lib"]],
    ["rm src/**/*.js", []],
    ["git checkout -b feature", []],
    ["git restore a", ["restore a"]],
    ["git restore --staged a", []],
    ["git restore --source=HEAD~1 a", ["change a"]],
    ["git reset --hard", ["restore null"]],
    ["git reset --soft HEAD~1", []],
    ["git stash && git stash pop", ["stash", "unstash"]],
    ["git stash list", []],
    ["git apply <<'EOF'\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\nEOF", ["change x"]],
    ["git apply <<'EOF'\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+b\nEOF", ["add x"]],
    ["git apply -R <<'EOF'\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+b\nEOF", ["delete x"]],
    ["git apply --check <<'EOF'\n--- a/x\n+++ b/x\n@@ -1 +1 @@\nEOF", []],
    ["patch -p1 <<'EOF'\n--- a/x y\n+++ b/x y\n@@ -1 +1 @@\n-a\n+b\nEOF", ["change x y"]],
    ["cd sub && rm a", ["delete sub/a"]],
    ["cd $X && rm a /tmp/b", ["delete /tmp/b"]],
    ["sudo rm a", ["delete a"]],
    ["docker exec app rm a", []],
    ["for f in a b; do sed -i s/x/y/ $f; done", ["change a", "change b"]],
    // Reading
    ["cat a b", []],
    ["grep -rn x .", []],
    ["diff a b", []],
    ["git diff a", []],
    ["head -1 a | wc -l", []],
    ["git log --output=a", []],
    ["echo 'rm a; echo > b'", []],
  ];
  for (const [command, operations] of cases) {
    test(command, () => expect(operationsOf(command)).toEqual(operations));
  }
});
