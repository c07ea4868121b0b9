import { loadConfig, settingsByName } from "../../config/config.ts";
import { tildePath } from "../../system/paths.ts";
import { outputArgs, placeArgs } from "../args.ts";
import { command, defineArgs } from "../command.ts";
import { resolveRoot } from "../resolve.ts";

const args = defineArgs({ ...placeArgs, ...outputArgs });

export default command(args, async (values, { cwd, env, home, output, messages }) => {
  const { config, files, warnings } = loadConfig({ root: await resolveRoot(values, cwd), env, home });
  for (const warning of warnings) messages.warn(warning);
  const settings = settingsByName(config);
  if (values.json) {
    await output.json({ settings: Object.fromEntries(settings), files, warnings });
    return "done";
  }
  for (const [name, setting] of settings) {
    await output.line(
      setting === null ? `${name}: not set` : `${name}: ${shown(setting.value)} (from ${setting.from})`,
    );
  }
  const read = files.map((file) => `\`${tildePath(file, home)}\``);
  messages.info(read.length === 0 ? "no configuration file was read" : `read ${read.join(" and ")}`);
  return "done";
});

function shown(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
