import { expect, test } from "bun:test";
import { processSessions, type RunEnding } from "../../src/catch-up/run-queue.ts";

const SESSIONS = [["a1", "a2", "a3"], ["b1", "b2"], ["c1"], ["d1"]];

/** Processes the sessions; returns the runs that were started, and the maximum number at once. */
async function through(endingOf: (run: string, waits: boolean) => RunEnding, concurrency = 2) {
  const begun: string[] = [];
  let underway = 0;
  let most = 0;
  await processSessions(SESSIONS, {
    concurrency,
    async process(run, waits) {
      begun.push(waits ? `${run} again` : run);
      underway += 1;
      most = Math.max(most, underway);
      await Promise.resolve();
      underway -= 1;
      return endingOf(run, waits);
    },
  });
  return { begun, most };
}

test.each([1, 2, 9])("%d at once, with the runs of a session in order", async (concurrency) => {
  const { begun, most } = await through(() => "next", concurrency);
  expect(most).toBe(Math.min(concurrency, SESSIONS.length));
  expect(begun.toSorted()).toEqual(SESSIONS.flat());
  for (const session of SESSIONS) expect(begun.filter((run) => session.includes(run))).toEqual(session);
});

test("a run that another process is recording comes last, with the rest of its session", async () => {
  const { begun } = await through((run, waits) => (run === "a2" && !waits ? "busy" : "next"), 1);
  expect(begun).toEqual(["a1", "a2", "b1", "b2", "c1", "d1", "a2 again", "a3 again"]);
});

test("after a halt no run is started, not even a postponed one", async () => {
  const { begun } = await through((run) => (run === "a1" ? "busy" : run === "b1" ? "halt" : "next"), 1);
  expect(begun).toEqual(["a1", "b1"]);
});

test("runs in progress finish after a halt", async () => {
  const ended: string[] = [];
  const slow = Promise.withResolvers<void>();
  await processSessions([["slow"], ["limit"], ["never"]], {
    concurrency: 2,
    async process(run) {
      if (run === "slow") await slow.promise;
      else slow.resolve();
      ended.push(run);
      return run === "limit" ? "halt" : "next";
    },
  });
  expect(ended).toEqual(["limit", "slow"]);
});

test("an error is thrown after the others are done", async () => {
  const ended: string[] = [];
  const working = processSessions([["bad"], ["good"], ["never"]], {
    concurrency: 2,
    async process(run) {
      if (run === "bad") throw new Error("a bug");
      await Promise.resolve();
      ended.push(run);
      return "next";
    },
  });
  expect(working).rejects.toThrow("a bug");
  await working.catch(() => {});
  expect(ended).toEqual(["good"]);
});
