// What a killed `ctx` left of an evaluation, a login that was lent among it, is cleared away by whatever comes next.
import { cleanUpHomes, homesFolder } from "../evaluate/isolated-home.ts";
import { messageOf } from "../system/errors.ts";
import type { Environment } from "../system/paths.ts";

interface TidyContext {
  env: Environment;
  home: string;
  onNotice: (notice: string) => void;
}

/** Never fails: what stays is told of, and in nobody's way. */
export async function cleanUpEvaluations({ env, home, onNotice }: TidyContext): Promise<void> {
  try {
    await cleanUpHomes(homesFolder({ env, home }));
  } catch (error) {
    onNotice(`what a killed evaluation left stays for now: ${messageOf(error)}`);
  }
}
