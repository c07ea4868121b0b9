// usage: evaluate.ts EVALUATOR COMMAND HOME. Evaluates an empty digest in a process that a test can kill or trace, and
// prints the result.
import { DigestCollector } from "../../../src/digest/collector.ts";
import { evaluateDigest } from "../../../src/evaluate/registry.ts";
import { about, evidence } from "../../digest/sample.ts";

const [, , evaluator = "", command = "", home = ""] = process.argv;
const digest = new DigestCollector().build(evidence(), about);
const options = { command, model: null, timeoutMs: 60_000, env: process.env, home, platform: "linux" as const };
const result = await evaluateDigest(evaluator === "claude" ? "claude" : "codex", digest, options);
process.stdout.write(JSON.stringify(result));
