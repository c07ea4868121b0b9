import { describe, expect, test } from "bun:test";
import type { SessionEvent } from "../../src/events/event.ts";
import { WorkLocations } from "../../src/evidence/work-locations.ts";
import { commandEvent, editEvent } from "./events.ts";

const CWD = "/home/dev/shop";

function locationsOf(...events: SessionEvent[]): Record<"edited" | "changed" | "visited", string[]> {
  const locations = new WorkLocations("/home/dev");
  for (const event of events) locations.push(event);
  const { edited, changed, visited } = locations;
  return { edited: [...edited], changed: [...changed], visited: [...visited] };
}

describe("the folders a session worked in", () => {
  test("are those of edited files", () => {
    const event = editEvent([{ path: "a.js" }, { path: "src/b.js", movedTo: "/srv/c.js" }, { path: "/d.js" }]);
    expect(locationsOf(event)).toEqual({ edited: [CWD, `${CWD}/src`, "/srv", "/"], changed: [], visited: [] });
  });

  test("are those of files that commands changed, and of commits", () => {
    const command = "cp /etc/hosts lib/x; rm -r old; git -C ../other commit -m x; git stash; cat /srv/read";
    const output = "[main 1234567] x\n";
    expect(locationsOf(commandEvent(command, { output })).changed).toEqual([`${CWD}/lib`, CWD, "/home/dev/other"]);
  });

  test("are those that commands ran in", () => {
    const command = 'cd src && ls; cd ~/notes && ls; cd "$(git rev-parse --show-toplevel)" && ls; cd $X && ls';
    expect(locationsOf(commandEvent(command)).visited).toEqual([CWD, `${CWD}/src`, "/home/dev/notes"]);
  });

  test("exclude calls that were refused, failed or may not have happened", () => {
    const refused = commandEvent("rm a", { outcome: "refused", exitCode: null });
    const failed = editEvent([{ path: "a.js" }], { outcome: "failed" });
    const uncertain = commandEvent("./check && git commit -qm x; true");
    const printed = commandEvent("./release", { output: "[main 1234567] x\n" });
    expect(locationsOf(refused, failed, uncertain, printed)).toEqual({ edited: [], changed: [], visited: [CWD] });
  });

  test("are at most 4,096 of a kind", () => {
    const changes = Array.from({ length: 4_097 }, (_, index) => ({ path: `/srv/${index}/a.js` }));
    expect(locationsOf(editEvent(changes)).edited).toHaveLength(4_096);
  });
});
