// Many session directories of every kind, of several actors, some recorded before, some damaged.
import { appendFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runId } from "../../../src/changelog/entry.ts";
import { builtinEntry, sampleEntry } from "../../changelog/sample-entry.ts";
import { type MadeSession, makeSession } from "./made-session.ts";
import type { BackfillProject } from "./project.ts";

/** The expected result: exactly one entry for each of these runs, by session and end. */
export interface Expected {
  runs: Set<string>;
  damaged: number;
}

export async function makeMany(project: BackfillProject, count: number): Promise<Expected> {
  const expected: Expected = { runs: new Set(), damaged: 0 };
  const expectAll = ({ id, runs }: MadeSession) => {
    for (const { end } of runs) expected.runs.add(`${id} ${end}`);
  };
  for (let index = 0; index < count; index += 1) {
    const session = makeSession(index, 1 + (index % 5));
    const name = `2026-11-22-${String(1000 + index).slice(-4)}_Fix_cart`;
    switch (index % 9) {
      case 0:
        await project.addSessionDirectory(name, session);
        break;
      case 1: {
        await project.addSessionDirectory(name, session);
        const [first] = session.runs;
        const run_id = runId("codex", session.id, 0);
        const row = { run_id, session_id: session.id, end: first?.end ?? null };
        if (index % 2 === 0) project.addRow("ada", JSON.stringify(sampleEntry(row)));
        else project.addRow("grace", JSON.stringify(builtinEntry({ ...row, actor: "grace" })));
        break;
      }
      case 2:
        project.addVersion1Directory(name, session);
        break;
      case 3:
        project.addVersion1Entry(project.addVersion1Directory(name, session), session);
        break;
      case 4:
        project.addVersion1Directory(`${name}_2`, session, { records: false });
        break;
      case 5: {
        const directory = project.addVersion1Directory(name, session, { records: false });
        project.addVersion1Entry(directory, session, session.runs.length - 1);
        break;
      }
      case 6:
        project.addVersion1Directory(name, session, { copies: false, page: "trace.html" });
        project.addNativeLog(session);
        break;
      case 7: {
        const directory = await project.addSessionDirectory(name, session);
        appendFileSync(join(directory, "export_runs.jsonl"), '{"schema_version":2,"run_id":"8a3');
        expected.damaged += 1;
        break;
      }
      default: {
        const directory = await project.addSessionDirectory(name, session);
        rmSync(join(directory, session.logName));
        if (index % 2 === 0) writeFileSync(join(directory, session.logName), "\0{".repeat(1000));
        expected.damaged += session.runs.length;
        continue;
      }
    }
    // The log in a directory without export records is one run.
    if (index % 9 === 4) expected.runs.add(`${session.id} ${session.lastAt}`);
    else if (index % 9 === 5) expectAll({ ...session, runs: session.runs.slice(-1) });
    else expectAll(session);
  }
  return expected;
}
