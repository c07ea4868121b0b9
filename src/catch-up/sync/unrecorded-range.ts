// What nobody recorded of a session yet, read once: whether there is anything to tell, and where it was done.
import { WorkLocations } from "../../evidence/work-locations.ts";
import { labelFromPrompt } from "../../runs/label.ts";
import { isReportable } from "../../runs/reportable.ts";
import type { LogEnd } from "../../sessions/activity.ts";
import type { NativeLog } from "../../sessions/native-logs.ts";
import { type LogRange, readEvents } from "../../sessions/read.ts";

export interface UnrecordedRange {
  whereabouts: WorkLocations;
  /** Whether an entry could tell of anything. */
  isReportable: boolean;
  end: LogEnd;
  /** The first words it was asked. */
  promptLabel: string | null;
}

export async function readUnrecordedRange(
  { path, head }: NativeLog,
  range: LogRange,
  home: string,
): Promise<UnrecordedRange> {
  const whereabouts = new WorkLocations(home);
  const stretch: UnrecordedRange = { whereabouts, isReportable: false, end: "turn", promptLabel: null };
  let isOpen = false;
  await readEvents({ tool: head.tool, path, head }, range, (event) => {
    whereabouts.push(event);
    isOpen ||= "outcome" in event && event.outcome === "running";
    if (isReportable(event)) {
      stretch.isReportable = true;
      stretch.end = event.kind === "reply" ? "rest" : "turn";
    }
    if (event.kind === "prompt" && event.agent === null) stretch.promptLabel ??= labelFromPrompt(event.text);
  });
  return isOpen ? { ...stretch, end: "call" } : stretch;
}
