// Two thousand harmless lines that resemble secrets, of kinds that are frequent in transcripts. Half are from this
// project, half are generated and always the same.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { filler } from "./kinds.ts";

const ROOT = join(import.meta.dir, "../..");
const HEX = "0123456789abcdef";
const LOWER = "abcdefghijklmnopqrstuvwxyz";
const BASE64 = `${LOWER}${LOWER.toUpperCase()}0123456789+/`;

const hex = (length: number, seed: number) => filler(length, HEX, seed);
const base64 = (length: number, seed: number) => filler(length, BASE64, seed);
const uuid = (seed: number) => [8, 4, 4, 4, 12].map((length, part) => hex(length, seed * 31 + part)).join("-");
const name = (seed: number) => filler(5 + (seed % 7), LOWER, seed);

/** Samples of harmless lines by kind; each seed gives another line. */
const HANDWRITTEN_SAMPLES: Record<string, (seed: number) => string> = {
  commit: (seed) => `commit ${hex(40, seed)}`,
  "short commit": (seed) => `${hex(7, seed)} fix(${name(seed)}): rename token to key in ${name(seed + 1)}`,
  "git index": (seed) => `index ${hex(7, seed)}..${hex(7, seed + 1)} 100644`,
  tree: (seed) => `100644 blob ${hex(40, seed)}\tsrc/${name(seed)}/password-field.tsx`,
  uuid: (seed) => `{"session_id":"${uuid(seed)}","key":"${uuid(seed + 1)}"}`,
  "cache key": (seed) => `cache key: node-cache-Linux-x64-npm-${hex(64, seed)}`,
  "key by digest": (seed) => `"key": "${hex(64, seed)}",`,
  etag: (seed) => `ETag: W/"${hex(32, seed)}"`,
  "npm lock": (seed) => `      "integrity": "sha512-${base64(86, seed)}==",`,
  "yarn lock": (seed) => `  integrity sha512-${base64(86, seed)}==`,
  "yarn address": (seed) =>
    `  resolved "https://packages.example/${name(seed)}/-/${name(seed)}-1.${seed % 30}.0.tgz#${hex(40, seed)}"`,
  "pnpm lock": (seed) => `    resolution: {integrity: sha512-${base64(86, seed)}==}`,
  "cargo lock": (seed) => `checksum = "${hex(64, seed)}"`,
  "go.sum": (seed) => `github.com/${name(seed)}/${name(seed + 1)} v1.${seed % 40}.2 h1:${base64(43, seed)}=`,
  "pip hash": (seed) => `    --hash=sha256:${hex(64, seed)} \\`,
  "poetry lock": (seed) => `    {file = "${name(seed)}-2.0.tar.gz", hash = "sha256:${hex(64, seed)}"},`,
  image: (seed) => `<img src="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA${base64(400, seed)}=">`,
  font: (seed) => `src: url(data:font/woff2;base64,d09GMgABAAAAA${base64(300, seed)}) format("woff2");`,
  svg: (seed) =>
    `background: url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'%3E%3Cpath d='M${seed} 5%27/%3E")`,
  "source map": (seed) =>
    `//# sourceMappingURL=data:application/json;base64,eyJ2ZXJzaW9uIjozLCJzb3VyY2VzIjpbXSwi${base64(200, seed)}`,
  container: (seed) => `FROM node:24-slim@sha256:${hex(64, seed)}`,
  layer: (seed) => `${hex(12, seed)}: Pull complete`,
  "CSS class": (seed) =>
    `.sk-${name(seed)}-${name(seed + 1)} .css-${filler(7, `${LOWER}0123456789`, seed)}-${name(seed)} { color: #${hex(6, seed)} }`,
  bundle: (seed) => `index-${filler(8, BASE64.slice(0, 62), seed)}.js  ${seed}.42 kB │ gzip: ${seed}.11 kB`,
  minified: (seed) =>
    `var ${name(seed).slice(0, 2)}=function(e,t){return e.token===t.key&&(n.session=r(e.auth,${seed})),i.key=o["${name(seed)}"]},a={key:s,pass:!0};`,
  test: (seed) => `✓ refuses a token that is expired > ${name(seed)}.test.ts:${seed} [${seed}.20ms]`,
  trace: (seed) => `    at readToken (/home/dev/shop/node_modules/${name(seed)}/lib/auth-key.js:${seed}:17)`,
  path: (seed) =>
    `src/${name(seed)}/api-key/${name(seed + 1)}Credentials2.test.tsx:${seed}: const key = keys[${seed}];`,
  code: (seed) => `const ${name(seed)}Key = createHash("sha256").update(session.key${seed}).digest("hex");`,
  fetch: (seed) =>
    `await fetch(url${seed}, { credentials: "same-origin", headers: { "x-csrf-token": csrfToken${seed} } });`,
  react: (seed) => `<Row key={\`row-\${${name(seed)}.id}-v${seed}\`} sessionKey="user-settings-panel-v${seed}" />`,
  i18n: (seed) => `"key": "settings.${name(seed)}.password_reset_${seed}.title",`,
  version: (seed) => `${name(seed)}@npm:^1.${seed}.0-beta.20261104: key: ${name(seed)}-1.${seed}.0-beta.20261104`,
  time: (seed) =>
    `2026-11-2${seed % 10}T0${seed % 10}:12:45.${100 + seed}Z session=${name(seed)}-2026-11-2${seed % 10}T06-12-45`,
  address: (seed) => `https://example.com/${name(seed)}/${hex(24, seed)}?utm_source=key&page=${seed}#token`,
  German: (seed) => `Das Passwort: wird beim ${seed}. Versuch gesperrt, der Schlüssel bleibt gültig.`,
  Japanese: (seed) => `トークン: 有効期限は${seed}分です。パスワードを変更してください。`,
  Russian: (seed) => `Пароль: не менее ${seed} символов, ключ доступа хранится отдельно.`,
  Arabic: (seed) => `كلمة المرور: يجب أن تكون ${seed} حرفًا على الأقل`,
  prose: (seed) => `The secret: ask first. Token ${seed} of 128 was sampled; the api key is read from the environment.`,
  table: (seed) => `| \`--token <value>\` | the token, or \`$SHOP_TOKEN\` | key-${seed} |`,
  workflow: (seed) => `          NPM_TOKEN: \${{ secrets.NPM_TOKEN_${seed} }}`,
};

/** Lines of files of this project. */
function ownLines(pattern: string, most: number): string[] {
  const lines = globSync(pattern, { cwd: ROOT })
    .toSorted()
    .flatMap((file) => readFileSync(join(ROOT, file), "utf8").split("\n"));
  const every = Math.max(1, Math.floor(lines.length / most));
  return lines.filter((_, index) => index % every === 0).slice(0, most);
}

export function harmlessLines(): string[] {
  const made = Object.values(HANDWRITTEN_SAMPLES).flatMap((make) =>
    Array.from({ length: 24 }, (_, index) => make(index + 1)),
  );
  const own = [
    ...ownLines("bun.lock", 120),
    ...ownLines("src/{cli,wrapper,system,evidence}/*.ts", 600),
    ...ownLines("src/transcript/assets/*", 150),
    ...ownLines("{README,docs/architecture}.md", 100),
    ...ownLines("test/fixtures/*/*-{python,js-runners}/**/*.jsonl", 60),
  ];
  return [...made, ...own];
}
