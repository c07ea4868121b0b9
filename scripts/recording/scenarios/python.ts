// A Python project in a folder with spaces and non-ASCII letters, test results hidden by pipes, and silent commits.
import type { Scenario } from "../scenario.ts";

const unittest = (name: string, body: string) =>
  `import unittest\n\nfrom shop.cart import total\n\n\nclass ${name}(unittest.TestCase):\n    def test_total(self):\n        ${body}\n`;

export const python: Scenario = {
  name: "0.169.0-python",
  version: "0.169.0",
  model: "gpt-6-sol",
  folder: "my shop é",
  files: {
    "AGENTS.md": "Run the tests with python3 -m unittest.\n",
    ".gitignore": "__pycache__/\nout/\n",
    "README.md": "# Shop\n",
    "shop/__init__.py": "",
    "shop/cart.py": "def total(prices):\n    return sum(prices)\n",
    "tests/__init__.py": "",
    "tests/test_cart.py": unittest("Cart", "self.assertEqual(total([1, 2]), 3)"),
    "wip/__init__.py": "",
    "wip/test_discount.py": unittest("Discount", "self.assertEqual(total([10], 0.5), 5)"),
    "legacy/a.py": "A = 1\n",
    "legacy/deep/b.py": "B = 2\n",
  },
  runs: [
    {
      prompt: "Add a discount to the cart — Rabatt für Stammkunden, bitte mit Tests",
      steps: [
        { run: "cat shop/cart.py | head -5; ls -R . | wc -l" },
        { run: "python3 -m unittest wip.test_discount 2>&1 | tail -3" },
        {
          patch: `*** Begin Patch
*** Update File: shop/cart.py
@@
-def total(prices):
-    return sum(prices)
+def total(prices, discount=0):
+    return sum(prices) * (1 - discount)
*** Add File: docs/über uns.md
+# Über uns
*** End Patch
`,
        },
        { run: "/usr/bin/python3 -m unittest -q" },
        { run: "python3 -m unittest wip.test_discount 2>&1 | tail -3" },
        { run: "PYTHONDONTWRITEBYTECODE=1 timeout 60 python3 -m pytest -q -p no:cacheprovider tests/test_cart.py" },
        { run: "python3 -m pytest -q -p no:cacheprovider tests/missing.py" },
        { run: "rm -rf tests" },
        { run: "rm -r legacy" },
        {
          run: 'mkdir -p "docs/neue seite" && echo "Grüße" > "docs/neue seite/straße.md" && echo "See docs." >> README.md',
        },
        { run: "mkdir -p out && python3 -c 'print(1)' > out/run.log 2>/dev/null" },
        { run: "git add -A && git commit -q -m 'feat(warenkorb): Rabatt für Stammkunden'" },
        { say: "Stammkunden bekommen jetzt Rabatt. All tests pass." },
      ],
      tests: [
        { cmd: "python3 -m unittest wip.test_discount", result: "fail" },
        { cmd: "python3 -m unittest -q", result: "pass" },
        { cmd: "python3 -m unittest wip.test_discount", result: "pass" },
        { cmd: "python3 -m pytest -q -p no:cacheprovider tests/test_cart.py", result: "pass" },
        { cmd: "python3 -m pytest -q -p no:cacheprovider tests/missing.py", result: "fail" },
      ],
      failedCommands: ["python3 -m pytest -q -p no:cacheprovider tests/missing.py"],
      inLog: {
        touchedFiles: {
          created: ["docs/neue seite/straße.md", "docs/über uns.md", "out/run.log"],
          modified: ["README.md", "shop/cart.py"],
        },
        commits: [],
      },
    },
    {
      prompt: "Move the guide & drop the draft",
      steps: [
        { run: "git mv 'docs/über uns.md' 'docs/neue seite/über uns.md' && rm 'docs/neue seite/straße.md'" },
        { run: "cd tests && echo '# more' >> test_cart.py && cd .. && python3 -m unittest -q 2>/dev/null" },
        { run: "git commit -qam \"docs: move 'über uns'\"" },
        { say: "Moved." },
      ],
      tests: [{ cmd: "python3 -m unittest -q", result: "pass" }],
      inLog: { commits: [] },
    },
  ],
};
