import { describe, expect, test } from "bun:test";
import { readSummaries } from "../../../src/evidence/tests/summaries.ts";

/** The result by all summary lines: fail if any of them fails. */
function resultOf(output: string): string | null {
  const results = readSummaries(output).map(({ result }) => result);
  return results.length === 0 ? null : results.includes("fail") ? "fail" : "pass";
}

describe("a runner's summary", () => {
  const cases: [runner: string, result: "pass" | "fail", output: string][] = [
    ["node, TAP", "pass", "# tests 1\n# suites 0\n# pass 1\n# fail 0\n# cancelled 0\n# skipped 0\n"],
    ["node, TAP", "fail", "not ok 1 - bad\n1..1\n# tests 1\n# pass 0\n# fail 1\n# cancelled 0\n"],
    ["node, cancelled", "fail", "# pass 1\n# fail 0\n# cancelled 1\n"],
    ["node, spec", "pass", "✔ ok (1.2ms)\nℹ tests 1\nℹ pass 1\nℹ fail 0\nℹ cancelled 0\n"],
    ["node, spec", "fail", "✖ bad (1.2ms)\nℹ tests 1\nℹ pass 0\nℹ fail 1\n"],
    ["tape", "pass", "1..3\n# tests 3\n# pass  3\n\n# ok\n"],
    ["tape", "fail", "not ok 2 should be equal\n# tests 3\n# pass  2\n# fail  1\n"],
    ["TAP, a known failure", "pass", "not ok 1 - later # TODO\n1..1\n# pass 1\n# fail 0\n"],
    ["prove", "pass", "t/a.t .. ok\nAll tests successful.\nFiles=1, Tests=3\nResult: PASS\n"],
    ["prove", "fail", "Failed 1/3 subtests\nResult: FAIL\n"],
    ["vitest", "pass", " Test Files  2 passed (2)\n      Tests  9 passed | 1 skipped (10)\n   Duration  300ms\n"],
    ["vitest", "fail", " Test Files  1 failed | 1 passed (2)\n      Tests  1 failed | 8 passed (9)\n"],
    [
      "vitest, colors",
      "fail",
      "\u001b[2m      Tests \u001b[22m \u001b[1m\u001b[31m1 failed\u001b[39m\u001b[22m\u001b[90m (1)\u001b[39m\n",
    ],
    ["vitest, a suite that does not load", "fail", " Test Files  1 failed (1)\n      Tests  no tests\n"],
    [
      "vitest, unhandled errors",
      "fail",
      " Test Files  1 passed (1)\n      Tests  1 passed (1)\n     Errors  1 error\n",
    ],
    [
      "jest",
      "pass",
      "Test Suites: 2 passed, 2 total\nTests:       1 skipped, 9 passed, 10 total\nSnapshots:   0 total\n",
    ],
    ["jest", "fail", "Test Suites: 1 failed, 2 total\nTests:       1 failed, 8 passed, 9 total\n"],
    [
      "jest, a suite that does not load",
      "fail",
      "Test Suites: 1 failed, 1 passed, 2 total\nTests:       8 passed, 8 total\n",
    ],
    ["mocha", "pass", "  3 passing (12ms)\n"],
    ["mocha", "fail", "  2 passing (12ms)\n  1 failing\n\n  1) cart\n"],
    ["cypress", "pass", "    ✔  All specs passed!                        00:01        2        2\n"],
    ["cypress", "fail", "    ✖  1 of 2 failed (50%)                      00:01        2        1\n"],
    ["playwright", "pass", "  3 passed (2.1s)\n"],
    ["playwright", "fail", "  1 failed\n    e2e/a.spec.ts:3:1 › cart\n  2 passed (2.1s)\n"],
    ["ava", "pass", "  2 tests passed\n"],
    ["ava", "fail", "  1 test failed\n"],
    ["bun", "pass", " 9 pass\n 0 fail\n 12 expect() calls\nRan 9 tests across 2 files. [12.00ms]\n"],
    ["bun", "fail", " 8 pass\n 1 fail\nRan 9 tests across 2 files. [12.00ms]\n"],
    ["deno", "pass", "ok | 3 passed | 0 failed (12ms)\n"],
    ["deno", "fail", "FAILED | 2 passed | 1 failed (12ms)\n"],
    ["pytest", "pass", "==== 3 passed, 1 skipped, 2 warnings in 0.12s ====\n"],
    ["pytest", "fail", "==== 1 failed, 2 passed in 0.12s ====\n"],
    ["pytest -q", "pass", "...\n3 passed in 0.01s\n"],
    ["pytest -q", "fail", "E   assert 1 == 2\n1 failed, 2 passed in 61.20s (0:01:01)\n"],
    ["pytest, collection error", "fail", "==== 1 error in 0.05s ====\n"],
    ["pytest, only expected failures", "pass", "1 xfailed in 0.05s\n"],
    ["pytest, nothing found", "fail", "no tests ran in 0.00s\n"],
    ["unittest", "pass", "Ran 3 tests in 0.001s\n\nOK (skipped=1)\n"],
    ["unittest", "fail", "Ran 3 tests in 0.001s\n\nFAILED (failures=1, errors=1)\n"],
    ["go", "pass", "ok  \tshop/cart\t0.012s\nok  \tshop/tax\t(cached)\n?   \tshop\t[no test files]\n"],
    ["go", "fail", "--- FAIL: TestCart (0.00s)\nFAIL\tshop/cart\t0.012s\nok  \tshop/tax\t0.01s\nFAIL\n"],
    ["go, build failed", "fail", "FAIL\tshop/cart [build failed]\n"],
    ["go -v", "pass", "=== RUN   TestCart\n--- PASS: TestCart (0.00s)\nPASS\nok  \tshop\t0.01s\n"],
    ["gotestsum", "fail", "DONE 3 tests, 1 failure in 0.100s\n"],
    ["gotestsum", "pass", "DONE 3 tests in 0.100s\n"],
    [
      "cargo",
      "pass",
      "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n",
    ],
    [
      "cargo",
      "fail",
      "test result: FAILED. 2 passed; 1 failed; 0 ignored\n\nerror: test failed, to rerun pass `--lib`\n",
    ],
    ["cargo, compile error", "fail", "error: could not compile `shop` (lib test) due to 1 previous error\n"],
    ["nextest", "pass", "     Summary [   0.012s] 3 tests run: 3 passed, 0 skipped\n"],
    ["nextest", "fail", "     Summary [   0.012s] 3 tests run: 2 passed, 1 failed, 0 skipped\n"],
    ["maven", "pass", "[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0\n[INFO] BUILD SUCCESS\n"],
    ["maven", "fail", "[INFO] BUILD FAILURE\n"],
    ["gradle", "pass", "BUILD SUCCESSFUL in 3s\n4 actionable tasks: 4 executed\n"],
    ["gradle", "fail", "FAILURE: Build failed with an exception.\n\nBUILD FAILED in 3s\n"],
    ["rspec", "pass", "3 examples, 0 failures, 1 pending\n"],
    ["rspec", "fail", "3 examples, 1 failure\n"],
    ["rspec, an error outside", "fail", "0 examples, 0 failures, 1 error occurred outside of examples\n"],
    ["minitest", "pass", "3 runs, 3 assertions, 0 failures, 0 errors, 0 skips\n"],
    ["minitest", "fail", "3 runs, 3 assertions, 0 failures, 1 errors, 0 skips\n"],
    ["cucumber", "fail", "3 scenarios (1 failed, 2 passed)\n"],
    ["mix", "pass", "1 doctest, 3 tests, 0 failures\n\nRandomized with seed 0\n"],
    ["mix", "fail", "3 tests, 1 failure, 1 skipped\n"],
    ["bats", "pass", "3 tests, 0 failures\n"],
    ["bats", "fail", "3 tests, 1 failure\n"],
    ["clojure.test", "pass", "Ran 3 tests containing 3 assertions.\n0 failures, 0 errors.\n"],
    ["clojure.test", "fail", "Ran 3 tests containing 3 assertions.\n1 failures, 0 errors.\n"],
    ["busted", "fail", "2 successes / 1 failure / 0 errors / 0 pending : 0.01 seconds\n"],
    ["phpunit", "pass", "OK (3 tests, 3 assertions)\n"],
    ["phpunit", "fail", "FAILURES!\nTests: 3, Assertions: 3, Failures: 1.\n"],
    ["pest", "pass", "  Tests:    3 passed (3 assertions)\n"],
    ["pest", "fail", "  Tests:    1 failed, 2 passed (3 assertions)\n"],
    ["dotnet", "pass", "Passed!  - Failed:     0, Passed:     3, Skipped:     0, Total:     3\n"],
    ["dotnet", "fail", "Failed!  - Failed:     1, Passed:     2, Skipped:     0, Total:     3\n"],
    ["ctest", "pass", "100% tests passed, 0 tests failed out of 3\n"],
    ["ctest", "fail", "67% tests passed, 1 tests failed out of 3\n"],
    ["meson", "fail", "Ok:                 2\nExpected Fail:      0\nFail:               1\n"],
    ["XCTest", "pass", "\t Executed 3 tests, with 0 failures (0 unexpected) in 0.01 (0.02) seconds\n"],
    ["XCTest", "fail", "\t Executed 3 tests, with 1 failure (0 unexpected) in 0.01 (0.02) seconds\n"],
    ["swift-testing", "pass", "✔ Test run with 3 tests passed after 0.001 seconds.\n"],
    ["swift-testing", "fail", "✘ Test run with 3 tests in 1 suite failed after 0.001 seconds with 1 issue.\n"],
    ["xcodebuild", "fail", "** TEST FAILED **\n"],
    ["flutter", "pass", "00:01 +3: All tests passed!\n"],
    ["flutter", "fail", "00:01 +2 -1: Some tests failed.\n"],
    ["zig", "pass", "All 3 tests passed.\n"],
    ["zig build", "fail", "Build Summary: 3/5 steps succeeded; 1 failed; 2/3 tests passed; 1 failed\n"],
    ["sbt", "pass", "[info] Passed: Total 3, Failed 0, Errors 0, Passed 3\n"],
    ["sbt", "fail", "[error] Failed: Total 3, Failed 1, Errors 0, Passed 2\n"],
    ["cabal", "fail", "0 of 1 test suites (0 of 1 test cases) passed.\n"],
    ["tasty", "fail", "1 out of 3 tests failed (0.00s)\n"],
    ["bazel", "pass", "//cart:test                     PASSED in 0.3s\n"],
    ["bazel", "fail", "//cart:test                     FAILED in 0.3s\n"],
    ["elm-test", "fail", "TEST RUN FAILED\n"],
    ["tox", "pass", "  congratulations :) (1.20 seconds)\n"],
    ["tox", "fail", "  evaluation failed :( (1.20 seconds)\n"],
    ["nox", "pass", "nox > Session tests was successful.\n"],
    ["npm", "fail", "npm error code ELIFECYCLE\n"],
    ["pnpm", "fail", " ELIFECYCLE  Test failed. See above for more details.\n"],
    ["make", "fail", "make: *** [Makefile:2: test] Error 1\n"],
    ["Windows line ends", "fail", "3 examples, 1 failure\r\n"],
  ];
  for (const [runner, result, output] of cases) {
    test(`${runner}: ${result}: ${output.trim().split("\n")[0]}`, () => expect(resultOf(output)).toBe(result));
  }
});

describe("no summary", () => {
  const cases = [
    "",
    "OK, done",
    "all tests passed, I think",
    "The 3 tests passed in review",
    "0 failures so far",
    "ok then",
    "PASSED",
    "10 files changed, 1 failed",
    "    at Object.fail (test.js:1)",
  ];
  for (const output of cases) test(JSON.stringify(output), () => expect(resultOf(output)).toBeNull());
  test("only the last 256 kibibytes of an output are read", () => {
    const line = "3 passing\n";
    const padding = "x\n".repeat(128 * 1024 - line.length / 2);
    expect(resultOf(line + padding)).toBe("pass");
    expect(resultOf(`${line}${padding}x\n`)).toBeNull();
  });
  test("a long hostile output is read in linear time", () => {
    const lines = ["1 failed, ".repeat(30_000), " ".repeat(250_000), "=".repeat(250_000), "1 a".repeat(80_000)];
    for (const line of lines) expect(resultOf(line)).toBeNull();
  });
});
