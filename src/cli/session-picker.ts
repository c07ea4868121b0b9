// The list a person picks a session from.
import { pickFrom } from "./picker.ts";
import { type Listed, sessionLines } from "./session-lines.ts";

export interface Picked<Session> {
  /** Null when nothing was picked. */
  session: Session | null;
  /** What ended the picking, where it was no key. */
  signal: NodeJS.Signals | null;
}

/** Lets the person pick one. */
export async function pickSession<Session extends Listed>(
  sessions: readonly Session[],
  message: string,
  now: Date,
): Promise<Picked<Session>> {
  const lines = (columns: number) => sessionLines(sessions, now, columns);
  const { item, signal } = await pickFrom({ message, items: sessions, lines, fits, nothing: "No session fits" });
  return { session: item, signal };
}

/** Whether every word of a search stands in a session's label or files, or begins its id. */
function fits(session: Listed | undefined, search: string): boolean {
  if (session === undefined) return false;
  const { id, label, files } = session;
  const text = [label ?? "", ...(files ?? [])].join("\n").toLowerCase();
  const words = search.toLowerCase().split(/\s+/);
  return words.every((word) => text.includes(word) || id.startsWith(word));
}
