// Records the scenarios named as arguments, or all of them.
import { recordScenario } from "./record.ts";
import { scenarios } from "./scenarios/index.ts";

const names = process.argv.slice(2);
const unknown = names.filter((name) => !scenarios.some((scenario) => scenario.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `error: no scenario \`${unknown.join("`, `")}\`\n\nhint: see the names in \`scripts/recording/scenarios\`\n`,
  );
  process.exitCode = 2;
} else {
  for (const scenario of scenarios) {
    if (names.length > 0 && !names.includes(scenario.name)) continue;
    await recordScenario(scenario);
    process.stdout.write(`${scenario.name}: recorded\n`);
  }
}
