// Which of the summary lines in an output belongs to which of the test commands that wrote to it.
import type { SimpleCommand } from "../shell/shell.ts";
import { familyOf, readSummaries, type Summary, type Verdict } from "./summaries.ts";

interface TestCommand {
  cmd: string;
  command: SimpleCommand;
}

/** For each test command what the output says of it; null where it says nothing, or not of which. */
export function readVerdicts(tests: readonly TestCommand[], output: string): (Verdict | null)[] {
  const summaries = readSummaries(output);
  const verdicts = new Map<TestCommand, Verdict | null>();
  const families = Map.groupBy(tests, ({ cmd }) => familyOf(cmd));
  for (const [family, rivals] of families) {
    const own = summaries.filter((summary) => summary.family === family);
    // `npm test` may print any runner's summary, but not one that another command is known to print.
    const others = family === null || tests.length === 1 ? summaries.filter((one) => !families.has(one.family)) : [];
    const shares = share(rivals, own.length > 0 ? own : others);
    for (const [index, rival] of rivals.entries()) verdicts.set(rival, shares[index] ?? null);
  }
  return tests.map((test) => verdicts.get(test) ?? null);
}

/** Summaries among commands that print the same kind, in order. */
function share(rivals: readonly TestCommand[], summaries: readonly Summary[]): (Verdict | null)[] {
  if (summaries.length === 0) return [];
  const failed = summaries.filter(({ verdict }) => verdict === "fail").length;
  if (rivals.length === 1) return [failed > 0 ? "fail" : "pass"];
  const perhaps = rivals.some(({ command }) => command.ran === "maybe");
  const ones = summaries.filter(({ once }) => once);
  // With fewer summaries than commands, the last commands did not run.
  if (ones.length === rivals.length || (perhaps && ones.length > 0 && ones.length < rivals.length)) {
    return ones.map(({ verdict }) => verdict);
  }
  if (failed === 0) return rivals.map(() => "pass");
  if (failed < summaries.length) return [];
  return rivals.map(({ command }, index) => (index === 0 || command.ran === "yes" ? "fail" : null));
}
