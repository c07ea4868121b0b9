import type { SessionHead } from "../agents/session-head.ts";
import type { ImageRef, SessionEvent } from "../events/event.ts";
import { redactDeep } from "../secrets/redact.ts";
import type { Redactor } from "../secrets/redactor.ts";

/** Redacts the label, which a person wrote, and the head, whose repository address may contain a password. */
export function redactHeading<Options extends { label: string; head: SessionHead }>(options: Options): Options {
  const { label, head } = options;
  return { ...options, ...redactDeep({ label, head }).value };
}

/** Redacts every text of an event. The data of an image is left as it is. */
export function redactEvent(event: SessionEvent, secrets: Redactor): SessionEvent {
  if ((event.kind !== "prompt" && event.kind !== "tool") || event.images === undefined) {
    return secrets.redactDeep(event).value;
  }
  const images: ImageRef[] = event.images.map(({ url }) => ({
    url: url.startsWith("data:") ? url : secrets.redactDeep(url).value,
  }));
  return { ...secrets.redactDeep({ ...event, images: [] }).value, images };
}
