// An evaluation in a process of its own, to be killed.

import { DigestCollector } from "../../../../src/digest/collector.ts";
import { claude } from "../../../../src/evaluate/claude/claude.ts";
import { evaluateWithCli } from "../../../../src/evaluate/cli-evaluation.ts";
import { about, evidence } from "../../../digest/sample.ts";

const [, , command = "", home = ""] = process.argv;
const digest = new DigestCollector().build(evidence(), about);
const options = { command, model: null, timeoutMs: 60_000, env: process.env, home, platform: "linux" as const };
await evaluateWithCli(claude, digest, options);
