// What a transcript tells of an event, in whatever form it is written.
import { redactDeep } from "../secrets/redact.ts";
import type { ImageRef, SessionEvent } from "../sessions/events.ts";

/** Every text of an event without its secrets. The data of an image is no text. */
export function redactEvent(event: SessionEvent): SessionEvent {
  if (event.kind !== "prompt") return redactDeep(event).value;
  const images: ImageRef[] = event.images.map(({ url }) => ({
    url: url.startsWith("data:") ? url : redactDeep(url).value,
  }));
  return { ...redactDeep({ ...event, images: [] }).value, images };
}
