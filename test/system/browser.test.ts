import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openersOf, openInBrowser } from "../../src/system/browser.ts";

const URL = "file:///home/ada/a%20b/index.html";

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "browser-")));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A program that records its arguments and exits with a given status. */
async function program(name: string, status: number): Promise<string> {
  const path = join(folder, name);
  await writeFile(
    path,
    `#!/bin/sh\nprintf "<%s>" "$@" > ${folder}/told.tmp\nmv ${folder}/told.tmp ${folder}/${name}.told\nexit ${status}\n`,
  );
  await chmod(path, 0o755);
  return path;
}

test.each([
  ["linux", { DISPLAY: ":0" }, [["xdg-open", URL]]],
  ["linux", { WAYLAND_DISPLAY: "wayland-0" }, [["xdg-open", URL]]],
  ["linux", {}, []],
  ["linux", { BROWSER: "firefox" }, [["firefox", URL]]],
  [
    "linux",
    { BROWSER: " a  -n %s -x: :b --new", DISPLAY: ":0" },
    [
      ["a", "-n", URL, "-x"],
      ["b", "--new", URL],
      ["xdg-open", URL],
    ],
  ],
  ["darwin", {}, [["open", URL]]],
  [
    "darwin",
    { BROWSER: "b" },
    [
      ["b", URL],
      ["open", URL],
    ],
  ],
  ["win32", {}, [["rundll32", "url.dll,FileProtocolHandler", URL]]],
] as const)("%s with %j opens by %j", (platform, env, expected) => {
  expect(openersOf(URL, env, platform)).toEqual(expected as never);
});

test("passes a URL as one argument, whatever it contains", () => {
  const url = "file:///a;rm -rf $HOME&`x`/$&.html";
  expect(openersOf(url, { BROWSER: "b:c --url=%s" }, "linux")).toEqual([
    ["b", url],
    ["c", `--url=${url}`],
  ]);
});

test("tries the next opener when one fails or is missing", async () => {
  const [bad, good, never] = [await program("bad", 3), await program("good", 0), await program("never", 0)];
  const env = { PATH: process.env.PATH, BROWSER: `/nonexistent/x:${bad}:${good}:${never}` };
  expect(await openInBrowser(URL, env, "linux")).toBe(true);
  expect(await readFile(join(folder, "good.told"), "utf8")).toBe(`<${URL}>`);
  expect([existsSync(join(folder, "bad.told")), existsSync(join(folder, "never.told"))]).toEqual([true, false]);
});

test("returns false when no opener works", async () => {
  expect(await openInBrowser(URL, { BROWSER: await program("bad", 3) }, "linux")).toBe(false);
  expect(await openInBrowser(URL, {}, "linux")).toBe(false);
});
