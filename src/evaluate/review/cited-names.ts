// The files and commits that a text names. `Node.js`, `console.log`,
// `v2.1.0`, `and/or` and `/api/users` are not files.
import { AGENTS } from "../../agents/registry.ts";

const EXTENSIONS = new Set(
  "ts tsx mts cts js jsx mjs cjs vue svelte astro json json5 jsonc jsonl yaml yml toml ini cfg conf xml html htm css scss sass less md mdx rst adoc txt csv tsv sql prisma graphql gql proto py pyi pyx ipynb rb erb rake go rs java kt kts scala groovy gradle swift m mm c h cc cpp cxx hpp hh cs fs vb php pl pm lua r jl ex exs erl hs ml clj cljs dart zig nim sol sh bash zsh fish ps1 bat cmd tf tfvars hcl nix lock log env pem key crt p12 db sqlite sqlite3 png jpg jpeg gif svg webp ico pdf zip tar gz tgz zst whl jar war exe dll so dylib bin wasm map snap patch diff tmpl tpl ejs hbs mustache j2 liquid".split(
    " ",
  ),
);
/** Extensions that are also common properties (`user.key`): a file only if a folder precedes it. */
const NEED_FOLDER = new Set("c h m r key map env log so bin db cs fs vb pl pm ml ex hs mm".split(" "));
/** Libraries that are written with `.js`. */
const LIBRARIES = new Set(
  "node next vue nuxt express react three d3 chart ember backbone angular moment day alpine solid electron p5 require underscore handlebars knockout pdf highlight prism bn math koa nest babylon phaser pixi matter hapi socket discord bun deno ag hls video plotly leaflet ethers web3 tensorflow brain tone paper fabric konva anime gsap swiper reveal impress lodash ramda polymer meteor sails strapi feathers adonis total stimulus htmx lit preact inferno mithril riot marko qwik fresh modernizr normalize axios io standard".split(
    " ",
  ),
);
/** Objects with properties that look like extensions: `res.json`, `this.html`. */
const OBJECTS = new Set(
  "res resp response req request reply ctx context c r this self event e err error console logger log math np torch json body data result document window process module exports".split(
    " ",
  ),
);
const FOLDERS = new Set([
  ..."src source lib libs app apps test tests spec specs __tests__ e2e docs doc scripts script bin build dist pkg packages cmd internal config configs public static assets components pages routes server client api core modules tools examples fixtures migrations vendor node_modules .github .vscode".split(
    " ",
  ),
  ...AGENTS.map(({ projectFolder }) => projectFolder),
]);
const ROOTS = /^(?:~|[A-Za-z]:|\/(?:etc|usr|var|opt|tmp|home|users|root|dev|proc|bin|sbin|lib|mnt|srv|private)$)/i;

const TOKEN = /[\p{L}\p{N}_.\-/\\~*…$%]+/gu;
const HASH = /(?<![\w#-])(?:[0-9a-f]{7,64})(?![\w-])/g;
const COMMIT_WORD =
  /\b(?:commit(?:s|ted)?|revision|sha|hash|cherry-picked|reverted)\b[^.;]{0,24}?[`“"(]?(?<![\w#-])([0-9a-f]{7,64})(?![\w-])/gi;

/** The files that a text names, spelled as in the text. */
export function citedPaths(text: string): string[] {
  const found: string[] = [];
  for (const { 0: raw, index } of text.matchAll(TOKEN)) {
    const next = text.slice(index + raw.length);
    const before = text[index - 1] ?? "";
    const token = raw.replaceAll("\\", "/").replace(/[.…]+$/, "");
    // A name after `@` is a package, a name before `(` a function.
    if (before === "@" || next.startsWith("(")) continue;
    // Text after a bracket is the rest of a path: `app/(shop)/page.tsx`.
    const path = /[)\]}]/.test(before) ? token.replace(/^\/+/, "") : token;
    if (path === "package.json" && /^[`’'”"]*\s+scripts?\b/i.test(next)) continue;
    if (isPath(path)) found.push(path);
  }
  return found;
}

function isPath(token: string): boolean {
  if (!/\p{L}/u.test(token) || /^v?\d+(?:\.\d+)+/.test(token)) return false;
  const segments = token.split("/").filter((segment) => segment !== "" && segment !== "." && segment !== "..");
  const last = segments.at(-1);
  const first = segments[0];
  if (last === undefined || first === undefined) return false;
  const [, stem, extension] = /^(.*[^.].*|[^.])\.([a-z0-9]+)$/.exec(last.toLowerCase()) ?? [];
  const hasFolder = segments.length > 1 || /^(?:\.{0,2}|~)\//.test(token);
  if (stem !== undefined && extension !== undefined && EXTENSIONS.has(extension)) {
    if (hasFolder) return true;
    if (NEED_FOLDER.has(extension) || OBJECTS.has(stem)) return false;
    return extension !== "js" || !LIBRARIES.has(stem);
  }
  // Without an extension, only a token that begins like a path is a file: not `and/or`, `feature/cart` or `/api/users`.
  if (ROOTS.test(token.startsWith("/") ? `/${first}` : first)) return segments.length > 1;
  if (!FOLDERS.has(first.toLowerCase()) || token.startsWith("/")) return false;
  return token.endsWith("/") || !segments.every((segment) => FOLDERS.has(segment.toLowerCase()));
}

/** The commit hashes that a text names, in lower case. */
export function citedHashes(text: string): string[] {
  const bare = (text.match(HASH) ?? []).filter((word) => /[0-9]/.test(word) && /[a-f]/.test(word));
  const named = [...text.matchAll(COMMIT_WORD)].map(([, hash = ""]) => hash);
  return [...new Set([...bare, ...named])].map((hash) => hash.toLowerCase());
}
