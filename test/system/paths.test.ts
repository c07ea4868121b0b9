import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  configDirectory,
  homeDirectory,
  insideRoot,
  portablePath,
  realPath,
  refuseOutside,
  tildePath,
} from "../../src/system/paths.ts";

let dir: string;
let root: string;

beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), "ctx-paths-")));
  root = join(dir, "repo");
  mkdirSync(join(root, "docs"), { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true }));

describe("insideRoot", () => {
  test("the root, paths below it, and paths that do not exist", () => {
    for (const path of [root, join(root, "docs"), join(root, "new/deep/file"), join(root, "..repo")]) {
      expect(insideRoot(root, path)).toBe(true);
    }
    for (const path of [dir, join(dir, "repository"), join(root, "../x"), "/"])
      expect(insideRoot(root, path)).toBe(false);
  });

  test("resolves symbolic links, dangling ones too", () => {
    symlinkSync("docs", join(root, "inside"));
    symlinkSync("../elsewhere", join(root, "dangling"));
    symlinkSync(join(root, "dangling"), join(root, "twice"));
    symlinkSync(root, join(dir, "alias"));
    expect(insideRoot(root, join(root, "inside/new"))).toBe(true);
    expect(insideRoot(join(dir, "alias"), join(root, "docs"))).toBe(true);
    for (const name of ["dangling", "dangling/new", "twice"]) expect(insideRoot(root, join(root, name))).toBe(false);
    expect(() => refuseOutside(root, join(root, "twice"), "`.changelog`")).toThrow(
      `\`.changelog\` leads out of the project: \`${join(root, "twice")}\` resolves to \`${join(dir, "elsewhere")}\``,
    );
  });

  test("a loop of links is an error", () => {
    symlinkSync("b", join(root, "a"));
    symlinkSync("a", join(root, "b"));
    expect(() => realPath(join(root, "a"))).toThrow();
    expect(insideRoot(root, join(root, "a"))).toBe(false);
  });
});

describe("shown and stored paths", () => {
  test("shortens the home folder to a tilde, but not a folder whose name only begins like it", () => {
    expect(tildePath("/home/dev/x", "/home/dev")).toBe("~/x");
    expect(tildePath("/home/dev", "/home/dev")).toBe("~");
    expect(tildePath("/home/developer/x", "/home/dev")).toBe("/home/developer/x");
    expect(tildePath("/x", "")).toBe("/x");
  });

  test("portable paths are relative to the project, else to the home folder", () => {
    const stored = (path: string) => portablePath(path, "/home/dev/shop", "/home/dev");
    expect(stored("/home/dev/shop/src/a.ts")).toBe("src/a.ts");
    expect(stored("/home/dev/shop")).toBe(".");
    expect(stored("/home/dev/shopping/a")).toBe("~/shopping/a");
    expect(stored("/etc/hosts")).toBe("/etc/hosts");
    expect(stored("/home/dev/shop/..x")).toBe("..x");
  });
});

describe("folders of the user", () => {
  test("HOME is the home folder", () => {
    expect(homeDirectory({ HOME: "/home/dev" })).toBe("/home/dev");
  });

  test("the configuration folder of each platform", () => {
    expect(configDirectory({}, "/h", "linux")).toBe("/h/.config");
    expect(configDirectory({}, "/h", "darwin")).toBe("/h/Library/Application Support");
    expect(configDirectory({ XDG_CONFIG_HOME: "/xdg" }, "/h", "darwin")).toBe("/xdg");
    expect(configDirectory({ XDG_CONFIG_HOME: "relative" }, "/h", "linux")).toBe("/h/.config");
    expect(configDirectory({ APPDATA: "/appdata" }, "/h", "win32")).toBe("/appdata");
  });
});
