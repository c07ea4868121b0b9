// Facts are substrings of a command's output, and must not keep the whole output in memory.
import { heapStats } from "bun:jsc";
import { expect, test } from "bun:test";
import { DigestCollector } from "../../src/digest/collector.ts";
import type { SessionEvent } from "../../src/events/event.ts";
import { EvidenceCollector } from "../../src/evidence/collect.ts";
import { Turn } from "../../src/transcript/turn.ts";
import { commandEvent, editEvent } from "./events.ts";

const EVENTS = 60;
const MEGABYTE = 1_000_000;

/** A text of one megabyte in memory of its own, as from the parser of a log. */
function large(text: string): string {
  return JSON.parse(JSON.stringify(text + "x".repeat(MEGABYTE)));
}

function heapBytes(): number {
  Bun.gc(true);
  const { heapSize } = heapStats();
  return heapSize;
}

const EVENT: Record<string, (index: number) => SessionEvent> = {
  "commands that commit": (index) => {
    const output = large(
      `[main ${(index + 0xabc_0000).toString(16)}] feat: ${index}\n create mode 100644 a-${index}.js\n`,
    );
    return commandEvent(`git commit -m 'feat: ${index}'`, { output });
  },
  "commits listed later": (index) => {
    const output = large(`${(index + 0xabc_0000).toString(16)} feat: ${index}\n`);
    return commandEvent("git commit -q -F message && git log --oneline", { output });
  },
  "commands that fail": (index) => {
    return commandEvent(`./check ${index}`, { outcome: "failed", exitCode: 2, output: large("failed\n") });
  },
  "commands with a long text in them": (index) => {
    return commandEvent(large(`cat > /home/dev/shop/made-${index}-of-many.txt <<'END'\n`).concat("\nEND"), {
      output: "",
    });
  },
  "edits that fail": (index) =>
    editEvent([{ path: `a-${index}.js` }], { outcome: "failed", error: large("no such line\n") }),
};

test.each(Object.entries(EVENT))("%s keep only their facts in memory", (_name, event) => {
  const [evidence, digest] = [new EvidenceCollector(), new DigestCollector()];
  const conversations: unknown[] = [];
  const before = heapBytes();
  for (let index = 0; index < EVENTS; index++) {
    const one = event(index);
    evidence.push(one);
    digest.push(one);
    const conversation = new Turn(index, null);
    conversation.push(one);
    conversations.push(conversation.summary().facts);
  }
  const grown = heapBytes() - before;
  expect(conversations).toHaveLength(EVENTS);
  expect([evidence, digest]).toBeDefined();
  expect(grown).toBeLessThan(10 * MEGABYTE);
});

test("the files of a conversation leave nothing behind but their names", () => {
  const conversation = new Turn(1, "/home/dev/shop");
  // Longer scripts are not parsed.
  const text = large("").slice(0, 200_000);
  const before = heapBytes();
  for (let index = 0; index < 5 * EVENTS; index++) {
    conversation.push(
      commandEvent(JSON.parse(JSON.stringify(`cat > /home/dev/shop/made-${index}-of-many.txt <<'END'\n${text}\nEND`))),
    );
  }
  const grown = heapBytes() - before;
  expect(conversation.summary().files).toHaveLength(5 * EVENTS);
  expect(grown).toBeLessThan(10 * MEGABYTE);
});
