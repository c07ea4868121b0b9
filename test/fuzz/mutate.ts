// Changes, removes, repeats and moves bytes, lines and JSON values of a file.
import type { Random } from "../seeded-random.ts";

const SPACES = ["\n", "\r\n", "\0", "\ufeff", "\u2028", "\u0085", "\t", " "];
const SYNTAX = `" \\ { } [ ] , : ' \` $( && | > < # = [[ ]] """`.split(" ");
const MARKUP = "<script> </script> <!-- ]]> -->".split(" ");
const CONFLICT = ["<<<<<<< HEAD", "=======", ">>>>>>> theirs"];
const LITERALS = "null true -0 1e999 9007199254740993 NaN".split(" ");

/** Text that is significant to one of the readers, or that they write. */
const BYTES: readonly string[] = [
  ...SPACES,
  ...SYNTAX,
  "\xff\xfe",
  "\ud83d",
  "\x1b[31m",
  ...MARKUP,
  "../../../../tmp/escaped",
  ...CONFLICT,
  ...LITERALS,
];

const NUMBERS = [0, -1, 1e308, -1e308, 2 ** 53, 0.1, Number.MAX_SAFE_INTEGER];
const TEXTS = ["", " ", "\0", "\ud800", "\u202e", "x".repeat(5_000), "\u001b]0;title\u0007", "a\nb\r\nc"];
const PATHS = "../../../../tmp/escaped /tmp/escaped ~/escaped C:\\escaped file:///escaped %2e%2e".split(" ");
const OPTIONS = ["-rf", "--help"];
const SCRIPTS = ["javascript:alert(1)", "</script><script>alert(1)</script>"];
const TIMES = "9999-12-31T23:59:59.999Z 0000-00-00T00:00:00Z 2026-13-45T99:99:99Z +275761-01-01T00:00:00Z 1".split(" ");
const OBJECTS: readonly unknown[] = [
  [],
  {},
  [[]],
  [null],
  { "": null },
  { length: -1 },
  { toString: 1 },
  { __proto__: null },
];
const SHELL = ["git commit -m x && rm -rf / ; cat <<'E'\nE", "`".repeat(500), "((((".repeat(200), "*".repeat(2_000)];
const SECRETS = [
  "AKIA0000000000000000",
  "-----BEGIN PRIVATE KEY-----",
  "ghp_".padEnd(40, "x"),
  "password=hunter2hunter2",
];

/** Values that replace a value of another type. */
const VALUES: readonly unknown[] = [
  null,
  true,
  false,
  ...NUMBERS,
  ...TEXTS,
  ...PATHS,
  ...OPTIONS,
  "__proto__",
  "constructor",
  "toString",
  "then",
  ...SCRIPTS,
  ...TIMES,
  ...OBJECTS,
  ...SHELL,
  ...SECRETS,
];

const NAMES = ["__proto__", "constructor", "type", "id", "", "payload", "message", "content", "timestamp", "then"];
const MAX_CHANGES = 6;
/** Deeper nesting than a recursive parser survives. */
const MAX_DEPTH = 20_000;
const MAX_LENGTH = 2 * 1024 * 1024;

/** The input after 1 to 6 changes; parts may come from `others`. */
export function mutate(input: Uint8Array, others: readonly Uint8Array[], random: Random): Uint8Array {
  let bytes = Buffer.from(input);
  for (let changes = 1 + random.below(MAX_CHANGES); changes > 0; changes -= 1) bytes = change(bytes, others, random);
  return bytes.length > MAX_LENGTH ? bytes.subarray(0, MAX_LENGTH) : bytes;
}

function change(bytes: Buffer<ArrayBuffer>, others: readonly Uint8Array[], random: Random): Buffer<ArrayBuffer> {
  // Mostly keeps the JSON valid: a bad byte only makes a record unreadable, but a changed value reaches the code behind
  // the parser.
  if (!random.oneIn(3)) return changeJson(bytes, random);
  const [from, to] = randomRange(bytes.length, random);
  const splice = (middle: Uint8Array) => Buffer.concat([bytes.subarray(0, from), middle, bytes.subarray(to)]);
  switch (random.below(9)) {
    case 0:
      return flip(bytes, random);
    case 1:
      return splice(new Uint8Array());
    case 2:
      return splice(Buffer.concat([bytes.subarray(from, to), bytes.subarray(from, to)]));
    case 3:
      return Buffer.from(bytes.subarray(0, from));
    case 4:
      return splice(Buffer.from(random.pick(BYTES), "latin1"));
    case 5:
      return splice(Buffer.concat([bytes.subarray(from, to), Buffer.from(random.pick(BYTES))]));
    case 6: {
      const other = random.pick(others);
      const [start, end] = randomRange(other.length, random);
      return splice(other.subarray(start, end));
    }
    case 7:
      return splice(Buffer.from(random.pick(['{"a":', "[", "(", "> ", "- "]).repeat(random.below(MAX_DEPTH))));
    default:
      return changeLines(bytes, random);
  }
}

/** A random range, mostly a short one. */
function randomRange(length: number, random: Random): [from: number, to: number] {
  const from = random.below(length + 1);
  return [from, Math.min(length, from + random.below(random.oneIn(4) ? length + 1 : 64))];
}

function flip(bytes: Buffer<ArrayBuffer>, random: Random): Buffer<ArrayBuffer> {
  const flipped = Buffer.from(bytes);
  for (let count = 1 + random.below(8); count > 0 && flipped.length > 0; count -= 1) {
    const at = random.below(flipped.length);
    flipped[at] = random.oneIn(2) ? (flipped[at] ?? 0) ^ (1 << random.below(8)) : random.below(256);
  }
  return flipped;
}

function changeLines(bytes: Buffer<ArrayBuffer>, random: Random): Buffer<ArrayBuffer> {
  const lines = bytes.toString("latin1").split("\n");
  const at = random.below(lines.length);
  const line = lines[at] ?? "";
  switch (random.below(4)) {
    case 0:
      lines.splice(at, 1);
      break;
    case 1:
      lines.splice(random.below(lines.length), 0, ...Array<string>(1 + random.below(50)).fill(line));
      break;
    case 2:
      lines.splice(random.below(lines.length), 0, ...lines.splice(at, 1 + random.below(5)));
      break;
    default:
      // Joins two records to one line, as a killed writer may.
      lines.splice(at, 2, line + (lines[at + 1] ?? ""));
  }
  return Buffer.from(lines.join("\n"), "latin1");
}

/** Changes a value in the JSON of one line, or of the whole text. */
function changeJson(bytes: Buffer<ArrayBuffer>, random: Random): Buffer<ArrayBuffer> {
  const text = bytes.toString("utf8");
  const lines = text.split("\n");
  const at = random.below(lines.length);
  const line = parse(lines[at] ?? "");
  if (line !== undefined) {
    lines[at] = write(changeValue(line, random));
    return Buffer.from(lines.join("\n"));
  }
  const whole = parse(text);
  return whole === undefined ? flip(bytes, random) : Buffer.from(write(changeValue(whole, random)));
}

/** The property of an object, or the item of an array, that holds a value. */
interface Slot {
  holder: Record<string, unknown>;
  name: string;
}

function changeValue(root: unknown, random: Random): unknown {
  const box = { root };
  const slots = [...slotsIn(box)];
  const { holder, name } = random.pick(slots);
  const value = holder[name];
  switch (random.below(8)) {
    case 0:
      if (name !== "root") delete holder[name];
      break;
    case 1:
      set(holder, random.pick(NAMES), value);
      break;
    case 2:
      set(holder, name, [value]);
      break;
    case 3: {
      const other = random.pick(slots);
      set(holder, name, structuredClone(other.holder[other.name]));
      break;
    }
    case 4:
      set(holder, name, typeof value === "string" ? value + String(random.pick(BYTES)) : write(value));
      break;
    case 5:
      set(holder, name, typeof value === "string" ? value.slice(random.below(value.length + 1)) : { value });
      break;
    default:
      set(holder, name, random.pick(VALUES));
  }
  return box.root;
}

function* slotsIn(holder: object): Generator<Slot> {
  for (const [name, value] of Object.entries(holder)) {
    yield { holder: holder as Record<string, unknown>, name };
    if (typeof value === "object" && value !== null) yield* slotsIn(value);
  }
}

/** Unlike an assignment, also sets `__proto__`. */
function set(holder: object, name: string, value: unknown): void {
  Object.defineProperty(holder, name, { value, writable: true, enumerable: true, configurable: true });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `null` for values that `JSON.stringify` rejects, such as those with cycles. */
function write(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "null";
  } catch {
    return "null";
  }
}
