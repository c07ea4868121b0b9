// Plans a backfill of a project, and reports how many runs it would record and how many are recorded already.
import { homedir } from "node:os";
import { planBackfill } from "../../../src/catch-up/backfill/plan.ts";
import { report } from "./report.ts";

const root = process.argv[2] ?? "";
const policy = { usesModel: true, upgrades: true, retriesFailed: false, evaluator: "codex" };
const plan = await planBackfill({ root, sessionsDirs: [], env: process.env, home: homedir(), ...policy });
report(`${plan.sessions.flat().length} to record, ${plan.skipped.recorded} recorded, ${plan.damaged.length} damaged`);
