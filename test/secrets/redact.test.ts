import { describe, expect, test } from "bun:test";
import { redact, redactDeep } from "../../src/secrets/redact.ts";

// Assembled at run time, so that secret scanners do not report this file.
const random = (length: number) => "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0u1V2w3X4y5Z6".repeat(3).slice(0, length);
const block = (kind: string, body: string) => `-----BEGIN ${kind}-----\n${body}\n-----END ${kind}-----`;
const keyBody = `${random(64)}\n${random(64)}\n${random(20)}==`;

const TOKENS: Record<string, string[]> = {
  "private-key": [
    block("RSA PRIVATE KEY", keyBody),
    block("OPENSSH PRIVATE KEY", keyBody),
    block("PRIVATE KEY", keyBody).replaceAll("\n", "\\n"),
    block("PGP PRIVATE KEY BLOCK", keyBody),
  ],
  "aws-access-key": [`AKIA${"ABCDEFGH23456789"}`, `ASIA${"ABCDEFGH23456789"}`],
  "github-token": ["ghp", "gho", "ghu", "ghs", "ghr"]
    .map((prefix) => `${prefix}_${random(36)}`)
    .concat(`github_pat_${random(22)}_${random(59)}`),
  "gitlab-token": [`glpat-${random(20)}`],
  "slack-token": [`xoxb-${"123456789012"}-${random(24)}`, `xapp-1-${random(30)}`],
  "stripe-key": [`sk_live_${random(24)}`, `rk_test_${random(24)}`, `whsec_${random(32)}`],
  "anthropic-key": [`sk-ant-api03-${random(90)}`],
  "openai-key": [`sk-${random(48)}`, `sk-proj-${random(60)}`],
  "google-api-key": [`AIza${random(35)}`],
  "npm-token": [`npm_${random(36)}`],
  "pypi-token": [`pypi-${random(80)}`],
  "huggingface-token": [`hf_${random(34)}`],
  "sendgrid-key": [`SG.${random(22)}.${random(43)}`],
  jwt: [`eyJ${random(30)}.eyJ${random(60)}.${random(43)}`],
};

describe("recognizes secrets by their format", () => {
  for (const [kind, samples] of Object.entries(TOKENS)) {
    test(kind, () => {
      for (const sample of samples) {
        expect(redact(`before ${sample} after`)).toEqual({ text: `before [REDACTED:${kind}] after`, count: 1 });
        expect(redact(`"${sample}",`).text).toBe(`"[REDACTED:${kind}]",`);
      }
    });
  }

  test("redacts a truncated private key up to the cut", () => {
    const whole = block("RSA PRIVATE KEY", keyBody);
    expect(redact(`key: |\n${whole.slice(0, 120)}`).text).toBe("key: |\n[REDACTED:private-key]");
    expect(redact(`${whole.slice(50)}\n- done`).text).toBe("[REDACTED:private-key]\n- done");
    expect(redact(`${whole.slice(0, 90)}\n---\n${whole}`).text).toBe(
      "[REDACTED:private-key]---\n[REDACTED:private-key]",
    );
  });

  test("keeps the parts of headers and URLs that are not secret", () => {
    const key = random(30);
    expect(redact(`curl -H "Authorization: Bearer ${key}"`).text).toBe(
      'curl -H "Authorization: Bearer [REDACTED:authorization]"',
    );
    expect(redact(`{"authorization":"Basic ${key}"}`).text).toBe('{"authorization":"Basic [REDACTED:authorization]"}');
    expect(redact(`got bearer ${key} back`).text).toBe("got bearer [REDACTED:authorization] back");
    expect(redact("postgres://ada:pa@ss:w0rd@db.local:5432/shop").text).toBe(
      "postgres://[REDACTED:url-credentials]@db.local:5432/shop",
    );
    expect(redact(`git clone https://${key}@github.com/a/b`).text).toBe(
      "git clone https://[REDACTED:url-credentials]@github.com/a/b",
    );
    expect(redact("curl -s -u ada:hunter22 https://x.test").text).toBe(
      "curl -s -u ada:[REDACTED:password] https://x.test",
    );
    expect(redact("sshpass -p hunter22 ssh box").text).toBe("sshpass -p [REDACTED:password] ssh box");
  });
});

describe("recognizes secrets by their name", () => {
  const cases: [string, string][] = [
    ["PASSWORD=hunter2", "PASSWORD=[REDACTED:password]"],
    ["export DB_PASSWORD='hun ter2'", "export DB_PASSWORD='[REDACTED:password]'"],
    ["DB_PASS=letmein ./run", "DB_PASS=[REDACTED:password] ./run"],
    ['{"password": "hunter2", "user": "ada"}', '{"password": "[REDACTED:password]", "user": "ada"}'],
    ['{\\"api_key\\":\\"abc123def\\"}', '{\\"api_key\\":\\"[REDACTED:api-key]\\"}'],
    ["password: letmein\nuser: ada", "password: [REDACTED:password]\nuser: ada"],
    ["  client_secret: abcdef123456 # old", "  client_secret: [REDACTED:secret] # old"],
    ["deploy --token abc-def-123 --yes", "deploy --token [REDACTED:token] --yes"],
    ["deploy --api-key=abcdef --yes", "deploy --api-key=[REDACTED:api-key] --yes"],
    ["mysql --password letmein shop", "mysql --password [REDACTED:password] shop"],
    ["const secretKey = 'abc123'", "const secretKey = '[REDACTED:secret]'"],
    ['secret => "abc123"', 'secret => "[REDACTED:secret]"'],
    ["aws_secret_access_key = abcd/EFGH+1234", "aws_secret_access_key = [REDACTED:secret]"],
    ["//registry.test/:_authToken=abcdef", "//registry.test/:_authToken=[REDACTED:token]"],
    ["https://x.test/a?access_token=abcdef&page=2", "https://x.test/a?access_token=[REDACTED:token]&page=2"],
    ["AccountKey=abcdef12==;Endpoint=x", "AccountKey=[REDACTED:secret];Endpoint=x"],
    ["X-Api-Key: abc123def456", "X-Api-Key: [REDACTED:api-key]"],
    ["Set-Cookie: session=abc123; Path=/", "Set-Cookie: [REDACTED:cookie]"],
  ];
  for (const [text, expected] of cases) {
    test(text, () => {
      expect(redact(text)).toEqual({ text: expected, count: 1 });
    });
  }
});

describe("leaves harmless text unchanged", () => {
  const harmless = [
    "commit 8346f8c1d2e3f405162738495a6b7c8d9e0f1a2b",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "sha512-TvLuhVQ5xgVn0GNr6nFdYzqsL2lXxTkWv0b1tGyEhRzP+abc==",
    "session 01a201e4-cb84-7a11-a7c6-963cd916f631 resumed",
    "src/secrets/redact.ts and test/password/reset.test.ts",
    "/usr/lib/node_modules/token-store/index.js",
    "the token was refreshed and the password reset works",
    "Added a secret scanner; passwords are hashed.",
    "const token = readToken();",
    "const token: string = input;",
    "let password = user.password;",
    "function login(password: string, token?: Token) {}",
    "password: null,",
    "token = undefined",
    "secret: process.env.SECRET",
    "TOKEN=$GITHUB_TOKEN npm publish",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the syntax of a workflow
    "token: ${{ secrets.NPM_TOKEN }}",
    "--password <password>",
    "use the --token flag",
    '"input_tokens": 1050, "max_tokens": 4096, "token": 17',
    "max_token=4096",
    "tokenizer = new Tokenizer()",
    "if (token === expected) return;",
    "PWD=/home/dev/shop",
    ".sk-fading-circle-with-a-long-name",
    "git@github.com:ada/shop.git",
    "https://user@example.com/path",
    "http://localhost:3000/a:b@c",
    "see https://example.com/docs?page=2#token",
    "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
    "Bearer tokens are checked in the middleware",
    "# pass 12, # fail 0, pass: 12",
    'ok ? "pass" : "fail"',
    'print("Token: ", token.text)',
    "--password --inputbox",
    "tar --pass -no_debug",
    "self.token = nextchar",
    "if token == 0x22: return",
    "if token == 'async' and not stashed:",
    "refresh_token=refresh_token, **kwargs)",
    'authorization = self.headers.get("authorization")',
    ":param token: REQUIRED.  The token.",
    '{ "token_url": "https://example.com/oauth", "token": "1.302.1" }',
    "compass: north, encompass=yes",
  ];
  for (const text of harmless) {
    test(JSON.stringify(text), () => {
      expect(redact(text)).toEqual({ text, count: 0 });
    });
  }
});

test("redacting twice changes nothing and counts nothing", () => {
  const samples = Object.values(TOKENS).flat();
  const text = [
    ...samples,
    ...samples.map((sample) => `SECRET=${sample}`),
    ...samples.map((sample) => `{"password":"x ${sample}"}`),
    `Authorization: Bearer ${random(40)}`,
    `https://ada:${random(20)}@host.test`,
    `curl -u ada:${random(20)} x`,
    `Cookie: a=${random(20)}`,
    `--token ${random(20)}`,
  ].join("\n");
  const once = redact(text);
  expect(once.count).toBeGreaterThan(samples.length);
  expect(redact(once.text)).toEqual({ text: once.text, count: 0 });
});

test("no part of a secret remains", () => {
  for (const sample of Object.values(TOKENS).flat()) {
    const { text } = redact(`TOKEN="${sample}" curl -H 'x: ${sample}' "https://u:${sample}@h.test"`);
    expect(text).not.toContain(sample.slice(10, 18));
  }
});

describe("finishes on 1 MB of hostile text", () => {
  const megabyte = (piece: string) => piece.repeat(Math.ceil(1_000_000 / piece.length));
  const pieces = [
    "a",
    "A1",
    "-",
    " ",
    "eyJ",
    "eyJaaaaaaaa.",
    "://a:",
    "://",
    "@a.",
    "password=",
    'password="',
    "password='x\"",
    "--token ",
    "--a-",
    "secretkeykey",
    "authorization: ",
    "bearer ",
    "curl -u ",
    "curl ",
    "sk-",
    "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN A",
    "-----END PRIVATE KEY-----",
    "cookie: a",
    "[redacted:x]",
    '\\\\"',
    "xoxb-",
    "_",
    "%20",
    "%2525",
    "\u001b[",
    "\u001b[\u001b[0m0m",
    "\\u001b[",
    "M1a2b3c4d5e6f7g8h9i0j1k2l.",
    "ghp_\n",
    "key=",
    "key: a1B2c3D4",
    "machine a login b ",
    ":AA8Q~",
  ];
  for (const piece of pieces) {
    test(JSON.stringify(piece), () => {
      expect(redact(megabyte(piece)).text.length).toBeGreaterThan(0);
    });
  }
});

describe("redactDeep", () => {
  test("redacts every string, keys included, and keeps the rest", () => {
    const secret = `ghp_${random(36)}`;
    expect(redactDeep({ a: [1, null, true, { [secret]: `x ${secret}` }] })).toEqual({
      value: { a: [1, null, true, { "[REDACTED:github-token]": "x [REDACTED:github-token]" }] },
      count: 2,
    } as never);
  });

  test("redacts the value of a field that is named like a secret", () => {
    expect(redactDeep({ password: "letmein", "X-Api-Key": "abc123", token: 17, note: "letmein" })).toEqual({
      value: { password: "[REDACTED:password]", "X-Api-Key": "[REDACTED:api-key]", token: 17, note: "letmein" },
      count: 2,
    });
  });

  test("keeps a key named __proto__", () => {
    const { value } = redactDeep(JSON.parse('{"__proto__": {"polluted": true}}'));
    expect(JSON.stringify(value)).toBe('{"__proto__":{"polluted":true}}');
  });
});
