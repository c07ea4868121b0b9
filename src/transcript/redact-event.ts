// What a transcript tells of an event, in whatever form it is written.

import type { SessionHead } from "../agents/session-head.ts";
import type { ImageRef, SessionEvent } from "../events/event.ts";
import { redactDeep } from "../secrets/redact.ts";
import type { Redactor } from "../secrets/redactor.ts";

/** What a session is called is a person's text too, and the address of its repository may hold a password. */
export function redactHeading<Options extends { label: string; head: SessionHead }>(options: Options): Options {
  const { label, head } = options;
  return { ...options, ...redactDeep({ label, head }).value };
}

/** Every text of an event without the secrets of its session. The data of an image is no text. */
export function redactEvent(event: SessionEvent, secrets: Redactor): SessionEvent {
  if ((event.kind !== "prompt" && event.kind !== "tool") || event.images === undefined) {
    return secrets.redactDeep(event).value;
  }
  const images: ImageRef[] = event.images.map(({ url }) => ({
    url: url.startsWith("data:") ? url : secrets.redactDeep(url).value,
  }));
  return { ...secrets.redactDeep({ ...event, images: [] }).value, images };
}
