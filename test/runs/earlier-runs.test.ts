import { expect, test } from "bun:test";
import { planRun } from "../../src/runs/earlier-runs.ts";

const first = { runId: "a".repeat(16), from: 0, to: 100 };
const second = { runId: "b".repeat(16), from: 100, to: 250 };

test("the first export of a session is a new run", () => {
  expect(planRun({ from: 0, to: 100 }, [])).toEqual({ known: null, from: 0, to: 100, continuationOf: null });
});

test("what was appended to a log is the next run, linked to the one before", () => {
  const delta = { known: null, from: 100, to: 250, continuationOf: first.runId };
  expect(planRun({ from: 0, to: 250 }, [first])).toEqual(delta);
  expect(planRun({ from: 100, to: 250 }, [first])).toEqual(delta);
});

test("what was appended after two runs is the third", () => {
  expect(planRun({ from: 0, to: 300 }, [second, first])).toEqual({
    known: null,
    from: 250,
    to: 300,
    continuationOf: second.runId,
  });
});

test("the same range is the same run", () => {
  expect(planRun({ from: 100, to: 250 }, [first, second])).toEqual({
    known: second,
    from: 100,
    to: 250,
    continuationOf: first.runId,
  });
});

test("a range that several runs cover is the last of these runs", () => {
  expect(planRun({ from: 0, to: 250 }, [first, second])?.known).toEqual(second);
});

test("a window inside a known run is that run", () => {
  expect(planRun({ from: 20, to: 60 }, [first])?.known).toEqual(first);
});

test("what is between two windows belongs to the later run", () => {
  expect(planRun({ from: 140, to: 250 }, [first])).toMatchObject({ from: 100, to: 250 });
});

test("an older window that is exported later ends where the known run starts", () => {
  expect(planRun({ from: 20, to: 180 }, [second])).toEqual({ known: null, from: 20, to: 100, continuationOf: null });
});

test("an empty range is not a run", () => {
  expect(planRun({ from: 250, to: 250 }, [first, second])).toBeNull();
  expect(planRun({ from: 0, to: 0 }, [])).toBeNull();
});
