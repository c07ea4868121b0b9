import { describe, expect, test } from "bun:test";
import { Redactor } from "../../src/secrets/redactor.ts";
import { filler } from "./kinds.ts";

const SECRET = `${filler(30, "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789")}+/=`;

function knowing(...texts: string[]): Redactor {
  const secrets = new Redactor();
  for (const text of texts) secrets.learn(text);
  return secrets;
}

describe("redacts a known secret", () => {
  const secrets = knowing(`export API_TOKEN='${SECRET}'`);
  const redacted = (text: string) => secrets.redact(text).text;

  test("without its name, also inside a longer word", () => {
    expect(redacted(`it printed ${SECRET} and xx${SECRET}yy`)).toBe(
      "it printed [REDACTED:token] and xx[REDACTED:token]yy",
    );
  });

  test("broken into lines at any position", () => {
    for (let at = 1; at < SECRET.length; at++) {
      for (const gap of ["\n", "\r\n  ", "\\n", "\n+", "\u001b[0m"]) {
        expect(redacted(`a ${SECRET.slice(0, at)}${gap}${SECRET.slice(at)} b`)).toBe("a [REDACTED:token] b");
      }
    }
  });

  test("percent-encoded", () => {
    expect(redacted(`GET /v1/${encodeURIComponent(SECRET)}/items`)).toBe("GET /v1/[REDACTED:token]/items");
  });

  test("in every string of a JSON value, and counts it", () => {
    expect(secrets.redactDeep({ a: [SECRET], [SECRET]: 1 } as unknown)).toEqual({
      value: { a: ["[REDACTED:token]"], "[REDACTED:token]": 1 },
      count: 2,
    });
  });

  test("and nothing else", () => {
    for (const text of [SECRET.slice(1), SECRET.toLowerCase(), "a\nb", ""]) expect(redacted(text)).toBe(text);
  });
});

test("learns a secret from a field's name", () => {
  const secrets = new Redactor();
  secrets.learn({ password: "hunter22!" });
  expect(secrets.redact("logged in with hunter22!").text).toBe("logged in with [REDACTED:password]");
});

test("learns the password of a URL without the user name, encoded and decoded", () => {
  const secrets = knowing("postgres://shop:p%40ssw0rd9@db.test/shop");
  expect(secrets.redact("shop uses p@ssw0rd9 and p%40ssw0rd9").text).toBe(
    "shop uses [REDACTED:url-credentials] and [REDACTED:url-credentials]",
  );
});

test("learns each line of a private key", () => {
  const lines = [1, 2, 3].map((seed) => filler(64, "abcdefghijkABCDEFGHIJK0123456789+/", seed));
  const secrets = knowing(`-----BEGIN PRIVATE KEY-----\n${lines.join("\n")}\n-----END PRIVATE KEY-----`);
  expect(secrets.redact(`grep found ${lines[1]}`).text).toBe("grep found [REDACTED:private-key]");
});

test("does not learn words, paths, digests or short values", () => {
  const texts = [
    "password=production",
    "SECRET=development",
    "token: abc123",
    "TOKEN_KEY=8346f8c1d2e3f405162738495a6b7c8d9e0f1a2b",
    "secret=01a201e4-cb84-7a11-a7c6-963cd916f631",
    "password='correct horse battery'",
    "token: 'refresh-token-v2'",
    "Cookie: theme=dark-mode-2; lang=en-US-12",
  ];
  expect(knowing(...texts).size).toBe(0);
});

test("bounds what a hostile log can make it learn", () => {
  const secrets = new Redactor();
  for (let index = 0; index < 2_000; index++) secrets.learn(`password=s3cr3t${index}numb3r`);
  expect(secrets.size).toBeLessThanOrEqual(500);
  for (let index = 0; index < 600; index++) secrets.learn(`password=S${index}-th3-s4m3-3nd`);
  const hostile = "s3cr3t1numb3r\nth3-s4m3-3nd".repeat(5_000);
  expect(secrets.redact(hostile).text.length).toBeGreaterThan(0);
});
