import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { actorSlug, resolveActor } from "../../src/changelog/actor.ts";

describe("actorSlug", () => {
  test.each([
    ["ada", "ada"],
    ["Ada-Lovelace", "ada-lovelace"],
    ["  Ada  King Noel ", "ada-king-noel"],
    ["Łukasz Żółć", "lukasz-zolc"],
    ["José Ångström", "jose-angstrom"],
    ["Straße ﬁx", "strasse-fix"],
    ["ada@example.com", "ada"],
    ["ada/../bob", "ada-..-bob"],
    ["..", "actor-5ec1f7e7"],
    [".hidden.", "hidden"],
    ["--flag", "flag"],
    ["CON", "actor-con"],
    ["nul.txt", "actor-nul.txt"],
    ["console", "console"],
    ["李雷", "actor-3a47328a"],
    ["dependabot[bot]", "dependabot-bot"],
  ])("%p has the slug %p", (name, slug) => {
    expect(actorSlug(name)).toBe(slug);
  });

  test("has at most 64 characters, does not end in a dot, and is its own slug", () => {
    for (const name of [
      "x".repeat(200),
      `${"x".repeat(63)}.y`,
      "com1",
      "Ünï".repeat(40),
      "con".padEnd(64, "."),
      "a@b@c",
    ]) {
      const slug = actorSlug(name);
      expect(slug).toMatch(/^[a-z0-9_-][a-z0-9._-]{0,63}$/);
      expect(slug).not.toEndWith(".");
      expect(actorSlug(slug)).toBe(slug);
    }
  });

  test("the same name in another Unicode normal form is the same actor", () => {
    expect(actorSlug("김\u0301".normalize("NFD"))).toBe(actorSlug("김\u0301".normalize("NFC")));
  });

  test("two names without Latin letters are different actors", () => {
    expect(actorSlug("李雷")).not.toBe(actorSlug("韩梅梅"));
  });
});

describe("resolveActor", () => {
  let root: string;
  const configure = (key: string, value: string) => Bun.spawnSync(["git", "-C", root, "config", key, value]);

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "ctx-actor-"));
    Bun.spawnSync(["git", "init", "-q", root]);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  test("uses the flag, then the environment, then the configuration, then git", async () => {
    // Also if the git configuration of the machine has one.
    configure("github.user", "");
    configure("user.name", "From Name");
    expect(await resolveActor({ root, env: {} })).toBe("from-name");
    configure("github.user", "from-github");
    expect(await resolveActor({ root, env: {} })).toBe("from-github");
    const config = "from-config";
    expect(await resolveActor({ root, env: {}, config })).toBe("from-config");
    expect(await resolveActor({ root, env: { CHANGELOG_ACTOR: "second" }, config })).toBe("second");
    expect(await resolveActor({ root, env: { CTX_ACTOR: "first", CHANGELOG_ACTOR: "second" }, config })).toBe("first");
    expect(await resolveActor({ root, env: { CTX_ACTOR: "first" }, flag: "Flag" })).toBe("flag");
  });

  test("ignores blank values, and uses the account last", async () => {
    configure("github.user", "");
    configure("user.name", "  ");
    const actor = await resolveActor({ root, env: { CTX_ACTOR: " ", CHANGELOG_ACTOR: "" }, flag: "", config: "" });
    expect(actor).toBe(actorSlug(execFileSync("id", ["-un"], { encoding: "utf8" })));
  });
});
