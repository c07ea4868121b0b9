import { describe, expect, test } from "bun:test";
import { scrubPaths, scrubPathsDeep } from "../../src/secrets/scrub-paths.ts";

const context = { root: "/home/dev/shop", home: "/home/dev", host: "ada-laptop.local" };

describe("paths", () => {
  const cases: [string, string][] = [
    ["/home/dev/shop/src/cart.js", "src/cart.js"],
    ["cd /home/dev/shop && ls", "cd . && ls"],
    ["cat '/home/dev/shop/src/a b.js'", "cat 'src/a b.js'"],
    ["file:///home/dev/shop/src/a.js", "src/a.js"],
    ["/home/dev/shop-two/a.js", "~/shop-two/a.js"],
    ["/home/dev/notes.md", "~/notes.md"],
    ["HOME=/home/dev", "HOME=~"],
    ["/home/grace/x and /Users/grace/y", "~/x and ~/y"],
    ["C:\\Users\\Grace\\x C:\\\\Users\\\\Grace\\\\y", "~\\x ~\\\\y"],
    ["/root/.bashrc", "~/.bashrc"],
    ["/rootfs/x /usr/home/x /var/lib", "/rootfs/x /usr/home/x /var/lib"],
    ["src/home/page.tsx and app/Users/list.ts", "src/home/page.tsx and app/Users/list.ts"],
    ["/mnt/home/dev/shop/x", "/mnt/home/dev/shop/x"],
  ];
  for (const [text, expected] of cases) test(text, () => expect(scrubPaths(text, context)).toBe(expected));

  test("a home inside nothing that is known is still no home", () => {
    expect(scrubPaths("/home/dev/shop/a", {})).toBe("~/shop/a");
  });

  test("a root with characters that patterns know is taken literally", () => {
    expect(scrubPaths("/srv/a+b (1)/x", { root: "/srv/a+b (1)" })).toBe("x");
  });
});

describe("addresses", () => {
  test("e-mail addresses go", () => {
    expect(scrubPaths("Co-authored-by: Ada <ada.l+x@mail.example.co.uk>", context)).toBe(
      "Co-authored-by: Ada <[REDACTED:email]>",
    );
  });

  test("versions, decorators and services are no addresses", () => {
    for (const text of ["react@18.2.0-beta.next", "@app.route", "git@github.com:ada/shop", "npm i @types/node@20"]) {
      expect(scrubPaths(text, context)).toBe(text);
    }
  });

  test("the host name goes, whole or in its first part", () => {
    expect(scrubPaths("ssh Ada-Laptop.local; ada-laptop:22; ada-laptops", context)).toBe(
      "ssh [REDACTED:host]; [REDACTED:host]:22; ada-laptops",
    );
    expect(scrubPaths("curl localhost:80", { host: "localhost" })).toBe("curl localhost:80");
  });
});

test("scrubbing twice changes nothing", () => {
  const text = "/home/dev/shop/a /home/dev/b /Users/x/c a@b.example ada-laptop";
  const once = scrubPaths(text, context);
  expect(scrubPaths(once, context)).toBe(once);
});

test("a hostile text of a megabyte comes to an end", () => {
  for (const piece of ["a@", "a.", "/home/", "/home/a", "a@b.", "C:\\Users\\"]) {
    expect(scrubPaths(piece.repeat(200_000), context).length).toBeGreaterThan(0);
  }
});

test("every string of a value is scrubbed", () => {
  expect(scrubPathsDeep({ a: ["/home/dev/x", 1], b: { c: null } }, context)).toEqual({ a: ["~/x", 1], b: { c: null } });
});
