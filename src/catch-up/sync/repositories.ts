// Which repository a folder belongs to, as git has it: a linked work tree is one of its own. Thousands of sessions share
// a few folders, so each is looked up once.
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { gitText, topLevel } from "../../system/git.ts";
import { realPath } from "../../system/paths.ts";

export class Repositories {
  readonly #roots = new Map<string, Promise<string | null>>();
  readonly #isTop = new Map<string, Promise<boolean>>();
  readonly #common = new Map<string, Promise<string | null>>();
  readonly #named: string | null;

  /** `named`: a folder that counts as one, whatever git says. */
  constructor(named: string | null) {
    this.#named = named;
  }

  /** The root of the work tree that holds a folder; of one that is gone, of the folder it was in. Null where none does. */
  rootOf(folder: string): Promise<string | null> {
    let root = this.#roots.get(folder);
    if (root === undefined) {
      root = this.#search(folder);
      this.#roots.set(folder, root);
    }
    return root;
  }

  /** Whether two work trees are of one repository. */
  async areOne(a: string, b: string): Promise<boolean> {
    const [one, other] = await Promise.all([this.#commonOf(a), this.#commonOf(b)]);
    return one !== null && one === other;
  }

  async #search(folder: string): Promise<string | null> {
    if (!existsSync(folder)) {
      const parent = dirname(folder);
      return parent === folder ? null : await this.rootOf(parent);
    }
    for (let at = realPath(folder); ; at = dirname(at)) {
      if (at === this.#named) return at;
      if (existsSync(join(at, ".git")) && (await this.#isTopLevel(at))) return at;
      if (dirname(at) === at) return null;
    }
  }

  /** A folder called `.git` alone makes no repository. */
  #isTopLevel(folder: string): Promise<boolean> {
    let is = this.#isTop.get(folder);
    if (is === undefined) {
      is = isTopLevel(folder);
      this.#isTop.set(folder, is);
    }
    return is;
  }

  #commonOf(root: string): Promise<string | null> {
    let common = this.#common.get(root);
    if (common === undefined) {
      common = gitText(root, ["rev-parse", "--git-common-dir"]).then((path) => {
        return path === null ? null : realPath(resolve(root, path));
      });
      this.#common.set(root, common);
    }
    return common;
  }
}

async function isTopLevel(folder: string): Promise<boolean> {
  const top = await gitText(folder, ["rev-parse", "--show-toplevel"]);
  return top !== null && realPath(await topLevel(folder)) === folder && realPath(top) === folder;
}
