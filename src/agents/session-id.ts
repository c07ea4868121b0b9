// What both tools call a session: a UUID, of whatever version.

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Also what keeps a name from outside from leading anywhere else, where an id becomes part of a path. */
export function isSessionId(text: string): boolean {
  return UUID.test(text);
}
