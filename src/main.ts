// The entry point, and the only place that sets the exit status. `--version` is answered before anything else loads.
import { programName, renderVersion, versionFormat } from "./cli/version.ts";
import { writeStdout } from "./system/stdout.ts";

async function main(argv: readonly string[]): Promise<number> {
  const program = programName(process.argv0);
  const format = versionFormat(argv);
  if (format !== null) {
    // A closed pipe is not an error.
    await writeStdout(renderVersion(program, format)).catch(() => {});
    return 0;
  }
  const { exitStatus } = await import("./cli/exit.ts");
  const { splitInvocation } = await import("./wrapper/invocation.ts");
  const invocation = splitInvocation(argv);
  if (invocation !== null) {
    const { runWrapper } = await import("./cli/wrapper.ts");
    return exitStatus(await runWrapper(invocation, program));
  }
  const { runCommandLine } = await import("./cli/run.ts");
  return exitStatus(await runCommandLine(argv, program));
}

process.exitCode = await main(process.argv.slice(2));
