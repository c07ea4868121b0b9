import { describe, expect, test } from "bun:test";
import { visitWholeRecords } from "../../src/system/damaged-line.ts";
import { parseJsonObject } from "../../src/system/json.ts";

const OPENING = '{"id":';
const record = (id: number, text = "") => JSON.stringify({ id, text, list: [{ ref: -id }, '}{"'] });

/** The ids of the records in a line, and whether there is nothing else in it. */
function found(line: string | Buffer, opening: string | null = OPENING) {
  const bytes = Buffer.from(line);
  const ids: unknown[] = [];
  const isComplete = visitWholeRecords(bytes, opening, (from, to) => {
    const fields = parseJsonObject(bytes.toString("utf8", from, to));
    if (fields !== null) ids.push(fields.id);
    return fields !== null;
  });
  return { ids, isComplete };
}

describe("whole records are found", () => {
  const cut = record(1, "a text that is cut off").slice(0, 25);
  const nul = "\0".repeat(5000);
  test.each([
    ["after a hole of NUL bytes", nul + record(2), [2], false],
    ["before and between holes", `${record(1)}${nul}${record(2)}${nul}`, [1, 2], false],
    ["glued to each other", record(1) + record(2) + record(3), [1, 2, 3], true],
    ["with blanks between them", `${record(1)} \t${record(2)}\r`, [1, 2], true],
    ["behind the beginning of another", cut + record(2), [2], false],
    ["behind two beginnings", cut + cut + record(2), [2], false],
    ["between beginnings", cut + record(2) + record(3) + cut, [2, 3], false],
    ["before the end of another", `${record(1)}xt","list":[]}`, [1], false],
    ["behind the end of another", `xt","list":[]}${record(2)}`, [2], false],
    ["behind a record cut off between two values", `{"id":1,"list":[1,${record(2)}`, [2], false],
    ["behind a record cut off in an escape sequence", `{"id":1,"text":"\\${record(2)}`, [2], false],
    ["behind a key", `{"id":1,"text"${record(2, "x")}`, [2], false],
  ] as const)("%s", (_, line, ids, isComplete) => {
    expect(found(line)).toEqual({ ids: [...ids], isComplete });
  });

  test("glued and after NUL bytes also if records have no common opening", () => {
    expect(found(record(1) + record(2) + nul + record(3), null)).toEqual({ ids: [1, 2, 3], isComplete: false });
  });
});

test("an object within a record that is cut off is no record", () => {
  expect(found('{"id":1,"list":[{"ref":2},{"ref":3}').ids).toEqual([]);
  expect(found('{"id":1,"inner":{"id":2}}}').ids).not.toContain(2);
});

test("every cut of two records into one line keeps the second", () => {
  const [first, second] = [record(1, 'é "quoted" \\ }{" {"id": 𝄞'), record(2, "x")];
  const bytes = Buffer.from(first);
  for (let end = 0; end < bytes.length; end++) {
    expect(found(Buffer.concat([bytes.subarray(0, end), Buffer.from(second)])).ids).toEqual([2]);
  }
});

test("a hostile line takes linear time", () => {
  const counted = (line: string) => {
    const bytes = Buffer.from(line);
    let visited = 0;
    visitWholeRecords(bytes, OPENING, (from, to) => {
      visited += to - from;
      return false;
    });
    return visited / bytes.length;
  };
  for (const part of ['{"id":', '}{"', '{"id":1}{"', '{"id":[{"id":1}', '\0{"a":']) {
    expect(counted(part.repeat(100_000))).toBeLessThan(20);
  }
});
