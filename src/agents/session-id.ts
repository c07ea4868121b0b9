// Session ids of both tools: UUIDs of any version.

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Also protects paths that an id becomes part of. */
export function isSessionId(text: string): boolean {
  return UUID.test(text);
}
