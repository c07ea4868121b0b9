import { expect, test } from "bun:test";
import { linksOfRemote } from "../../src/transcript/repository-links.ts";

test.each([
  ["git@github.com:acme/shop.git", "https://github.com/acme/shop"],
  ["https://token:x@github.com/acme/shop", "https://github.com/acme/shop"],
  ["ssh://git@github.com:22/acme/shop.git/", "https://github.com/acme/shop"],
  ["git@gitlab.example.org:group/sub/shop.git", "https://gitlab.example.org/group/sub/shop"],
])("%s links to %s", (remote, url) => {
  expect(linksOfRemote(remote)?.url).toBe(url);
});

test("commit links differ between GitHub and GitLab", () => {
  expect(linksOfRemote("git@github.com:a/b")?.commit("abc")).toBe("https://github.com/a/b/commit/abc");
  expect(linksOfRemote("git@gitlab.com:a/b")?.commit("abc")).toBe("https://gitlab.com/a/b/-/commit/abc");
});

test.each([
  "",
  "/srv/git/shop.git",
  "git@example.org:a/b",
  "javascript:alert(1)//github.com/a/b",
  "https://github.com/a",
])("%j has no links", (remote) => {
  expect(linksOfRemote(remote)).toBeNull();
});
