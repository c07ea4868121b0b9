// Session ids of both tools: UUIDs of any version.

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** The check also protects paths that are built from an id. */
export function isSessionId(text: string): boolean {
  return UUID.test(text);
}
