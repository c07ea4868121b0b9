// Every kind of secret, in every context that it must be recognized in.
import { describe, expect, test } from "bun:test";
import { redact } from "../../src/secrets/redact.ts";
import { filler, KINDS, PLACES } from "./kinds.ts";
import { leftOver } from "./left-over.ts";

describe("redacts every kind of secret in every context", () => {
  for (const [place, put] of Object.entries(PLACES)) {
    test(place, () => {
      const missed = Object.entries(KINDS).flatMap(([kind, { secret, written }]) => {
        const left = leftOver(secret, redact(put(written ?? secret)).text);
        return left === null ? [] : [`${kind}: ${left}`];
      });
      expect(missed).toEqual([]);
    });
  }
});

test("keeps the text around a secret, and redacting twice changes nothing", () => {
  for (const [kind, { secret, written }] of Object.entries(KINDS)) {
    // Everything after a truncated key may belong to it.
    if (kind === "private key cut short") continue;
    const once = redact(`before it\n${written ?? secret}\nafter it`);
    expect(once.text, kind).toStartWith("before it\n");
    expect(once.text, kind).toEndWith("\nafter it");
    expect(redact(once.text), kind).toEqual({ text: once.text, count: 0 });
  }
});

const WORD = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const key = `sk-proj-${filler(100, WORD)}`;

describe("redacts all of a secret that is split", () => {
  const line = `export OPENAI_API_KEY=${key}`;
  const wrapped = (width: number, lineBreak: string) =>
    (line.match(new RegExp(`.{1,${width}}`, "g")) ?? []).join(lineBreak);

  for (const lineBreak of ["\n", "\r\n", "\n    ", "\\n", "\n+"]) {
    test(`over lines by ${JSON.stringify(lineBreak)}`, () => {
      for (const width of [60, 80, 100]) {
        expect(leftOver(key, redact(`$ env\n${wrapped(width, lineBreak)}\nstarted in 12 ms`).text)).toBeNull();
      }
    });
  }

  test("by terminal codes", () => {
    for (const code of ["\u001b[1;32m", "\\u001b[0m", "\\x1b[K"]) {
      const colored = `token ${key.slice(0, 12)}${code}${key.slice(12)} is set`;
      expect(redact(colored).text).toBe("token [REDACTED:openai-key] is set");
    }
    const harmless = "\u001b[32mok\u001b[0m 12 tests";
    expect(redact(harmless).text).toBe(harmless);
  });

  test("keeps the line after a secret that is not wrapped", () => {
    const text = `a line that is long enough to be wrapped at its end ${key}\nstarted in 12 ms`;
    expect(redact(text).text).toEndWith("[REDACTED:openai-key]\nstarted in 12 ms");
  });
});

describe("percent-encoded text", () => {
  test("is redacted decoded; the rest stays encoded", () => {
    expect(redact("https://x.test/?q=Authorization%3A%20Bearer%20abcdef123456%0Anext%20line%2f&p=2").text).toBe(
      "https://x.test/?q=Authorization%3A%20Bearer%20[REDACTED:authorization]%0Anext%20line%2F&p=2",
    );
  });

  test("may be encoded twice", () => {
    const twice = encodeURIComponent(encodeURIComponent("password=hunter22&x"));
    expect(redact(`https://x.test/?to=${twice}`).text).not.toContain("hunter22");
  });

  test("without a secret is unchanged, valid or not", () => {
    const text = "https://x.test/caf%C3%A9%20%zz%e9%2fa?next=%2Fhome%3Fpage%3D2";
    expect(redact(text)).toEqual({ text, count: 0 });
  });
});

test("reads a character that JSON escaped as \\u003d", () => {
  expect(redact('{"query":"password\\u003dhunter22"}').text).toBe('{"query":"password\\u003d[REDACTED:password]"}');
});

test.each([
  ["docker login -u ada -p hunter22 reg.test", "docker login -u ada -p [REDACTED:password] reg.test"],
  ["mysql -u root -phunter22 shop", "mysql -u root -p[REDACTED:password] shop"],
  ["mysqldump --port 3306 -p shop", "mysqldump --port 3306 -p shop"],
  ["redis-cli -a hunter22 ping", "redis-cli -a [REDACTED:password] ping"],
  ["<password>hunter22</password>", "<password>[REDACTED:password]</password>"],
  ["<Token>{props.value2}</Token>", "<Token>{props.value2}</Token>"],
])("redacts arguments and XML elements: %s", (text, expected) => {
  expect(redact(text).text).toBe(expected);
  expect(redact(expected).count).toBe(0);
});
