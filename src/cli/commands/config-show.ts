import { loadConfig, settingsByName } from "../../config/config.ts";
import { tildePath } from "../../system/paths.ts";
import { defineArgs, outputArgs, repositoryArgs, type Values } from "../args.ts";
import type { Io } from "../command.ts";
import type { Exit } from "../exit.ts";
import { resolveRoot } from "../resolve.ts";

export const args = defineArgs({ ...repositoryArgs, ...outputArgs });

export async function run(values: Values<typeof args>, { cwd, env, home, output, messages }: Io): Promise<Exit> {
  const { config, files, warnings } = loadConfig({ root: await resolveRoot(values, cwd), env, home });
  for (const warning of warnings) messages.warn(warning);
  const settings = settingsByName(config);
  if (values.json) {
    await output.json({ settings: Object.fromEntries(settings), files, warnings });
    return "done";
  }
  for (const [name, setting] of settings) {
    await output.line(
      setting === null ? `${name}: not set` : `${name}: ${render(setting.value)} (from ${setting.from})`,
    );
  }
  const read = files.map((file) => `\`${tildePath(file, home)}\``);
  messages.info(read.length === 0 ? "no configuration file found" : `read ${read.join(" and ")}`);
  return "done";
}

function render(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
