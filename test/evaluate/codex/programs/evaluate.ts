// An evaluation in a process of its own, to be killed or traced. Prints how it ended.

import { DigestCollector } from "../../../../src/digest/collector.ts";
import { evaluateWithCli } from "../../../../src/evaluate/cli-evaluation.ts";
import { codex } from "../../../../src/evaluate/codex/codex.ts";
import { about, evidence } from "../../../digest/sample.ts";

const [, , command = "", home = ""] = process.argv;
const digest = new DigestCollector().build(evidence(), about);
const options = { command, model: null, timeoutMs: 60_000, env: process.env, home };
process.stdout.write(JSON.stringify(await evaluateWithCli(codex, digest, options)));
