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
    ["/rootfs/x /usr/lib/home /var/lib", "/rootfs/x /usr/lib/home /var/lib"],
    ["/usr/home/grace/x /export/home/grace/y /var/home/grace", "~/x ~/y ~"],
    ["/home/josé/x /Users/Müller/y /home/李/z", "~/x ~/y ~/z"],
    ["cat /Users/Grace\\ Hopper/x", "cat ~/x"],
    ["/c/Users/grace/x /mnt/c/Users/grace/y /cygdrive/d/Users/grace", "~/x ~/y ~"],
    ["C:\\Users\\Grace Hopper\\x and D:\\Users\\grace", "~\\x and ~"],
    ["C:\\Documents and Settings\\grace\\x C:/Users/grace/y", "~\\x ~/y"],
    ["\\\\wsl$\\Ubuntu\\home\\grace\\x \\\\wsl.localhost\\Ubuntu-24.04\\home\\grace", "~\\x ~"],
    ["\\\\server\\Users\\grace\\x", "~\\x"],
    ["C:\\Users\\Public\\x /Users/Shared/y", "C:\\Users\\Public\\x /Users/Shared/y"],
    ["~grace/x, ~/y, HEAD~2/src, ~1.2/x", "~/x, ~/y, HEAD~2/src, ~1.2/x"],
    ["/run/media/grace/disk/x /media/grace/x /media/x.png", "~/disk/x ~/x /media/x.png"],
    ["~/.claude/projects/-home-grace-shop/a.jsonl", "~/.claude/projects/~-shop/a.jsonl"],
    ["/tmp/claude-1000/-Users-grace-work/x /x/C--Users-grace-shop", "/tmp/claude-1000/~-work/x /x/~-shop"],
    ["java -home-page and my-home-dir/x", "java -home-page and my-home-dir/x"],
    ["file:///home/grace/x vscode-remote://wsl+x/home/grace/y", "file://~/x vscode-remote://wsl+x/home/grace/y"],
    ["src/home/page.tsx and app/Users/list.ts", "src/home/page.tsx and app/Users/list.ts"],
    ["/mnt/home/dev/shop/x", "/mnt/home/dev/shop/x"],
  ];
  for (const [text, expected] of cases) test(text, () => expect(scrubPaths(text, context)).toBe(expected));

  test("replaces home folders without any context", () => {
    expect(scrubPaths("/home/dev/shop/a", {})).toBe("~/shop/a");
  });

  test("treats special characters in the root literally", () => {
    expect(scrubPaths("/srv/a+b (1)/x", { root: "/srv/a+b (1)" })).toBe("x");
  });
});

describe("addresses", () => {
  test("removes e-mail addresses", () => {
    expect(scrubPaths("Co-authored-by: Ada <ada.l+x@mail.example.co.uk>", context)).toBe(
      "Co-authored-by: Ada <[REDACTED:email]>",
    );
  });

  test("in any script, and percent-encoded", () => {
    for (const text of ["josé@example.com", "ada@müller.example", "ada%40example.com"]) {
      expect(scrubPaths(`to ${text}, now`, context)).toBe("to [REDACTED:email], now");
    }
  });

  const logins: [string, string][] = [
    ["ada@laptop:~/shop$ npm test", "[REDACTED:host]:~/shop$ npm test"],
    ["[root@db-1 ~]# ls", "[[REDACTED:host] ~]# ls"],
    ["root@4f2a9c:/app# ls", "[REDACTED:host]:/app# ls"],
    ["scp x ada@laptop:/srv/x", "scp x [REDACTED:host]:/srv/x"],
    ["ssh -p 22 deploy@prod-1 uptime", "ssh -p 22 [REDACTED:host] uptime"],
    ["rsync -a dist/ deploy@10.0.0.5:dist", "rsync -a dist/ [REDACTED:host]:dist"],
    ["ssh git@github.com; git clone git@host:/x", "ssh git@github.com; git clone git@host:/x"],
    [
      "npm i left@next react@latest; uses: actions/checkout@v4",
      "npm i left@next react@latest; uses: actions/checkout@v4",
    ],
    ["image@sha256:abc, @media (x), origin@{1}, a@b", "image@sha256:abc, @media (x), origin@{1}, a@b"],
  ];
  for (const [text, expected] of logins) test(text, () => expect(scrubPaths(text, context)).toBe(expected));

  test("keeps a host name that is an ordinary word", () => {
    expect(scrubPaths("npm run dev on gandalf", { host: "dev" })).toBe("npm run dev on gandalf");
    expect(scrubPaths("npm run dev on gandalf", { host: "gandalf" })).toBe("npm run dev on [REDACTED:host]");
  });

  test("keeps versions, decorators and services", () => {
    for (const text of ["react@18.2.0-beta.next", "@app.route", "git@github.com:ada/shop", "npm i @types/node@20"]) {
      expect(scrubPaths(text, context)).toBe(text);
    }
  });

  test("removes the host name, complete or its first part", () => {
    expect(scrubPaths("ssh Ada-Laptop.local; ada-laptop:22; ada-laptops", context)).toBe(
      "ssh [REDACTED:host]; [REDACTED:host]:22; ada-laptops",
    );
    expect(scrubPaths("curl localhost:80", { host: "localhost" })).toBe("curl localhost:80");
  });
});

test("scrubbing twice changes nothing", () => {
  const text =
    "/home/dev/shop/a /home/dev/b /Users/x/c a@b.example ada-laptop x@y:~/z ssh a@b ~bob/x /-home-x-y \\\\wsl$\\U\\home\\b";
  const once = scrubPaths(text, context);
  expect(scrubPaths(once, context)).toBe(once);
});

test("finishes on 1 MB of hostile text", () => {
  for (const piece of [
    "a@",
    "a.",
    "/home/",
    "/home/a",
    "a@b.",
    "C:\\Users\\",
    "\\",
    "\\a",
    "ssh ",
    "ssh a",
    "~a",
    "/-home-",
    "a@b:",
    "a %40",
  ]) {
    expect(scrubPaths(piece.repeat(200_000), context).length).toBeGreaterThan(0);
  }
});

test("scrubs every string of a JSON value", () => {
  expect(scrubPathsDeep({ a: ["/home/dev/x", 1], b: { c: null } }, context)).toEqual({ a: ["~/x", 1], b: { c: null } });
});
