// Numbers the facts of a digest, so that an evaluator can name the facts that a sentence rests on.
import type { DigestFacts } from "./facts.ts";

/** The facts with an id each: `t1` for the first test, `c1` commit, `o1` outcome, `x1` failed command. */
export function withIds(facts: DigestFacts): DigestFacts {
  const number = <T extends object>(letter: string, list: readonly T[]) => {
    return list.map((fact, index) => ({ id: `${letter}${index + 1}`, ...fact }));
  };
  return {
    ...facts,
    tests: number("t", facts.tests),
    commits: number("c", facts.commits),
    failed_commands: number("x", facts.failed_commands),
    ...(facts.outcomes !== undefined && { outcomes: number("o", facts.outcomes) }),
  };
}
