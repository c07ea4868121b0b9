/** When a version 7 UUID was made, in milliseconds since the epoch; null for every other text. */
export function uuidInstant(uuid: string | null): number | null {
  const match =
    uuid === null ? null : /^([\da-f]{8})-([\da-f]{4})-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i.exec(uuid);
  return match === null ? null : Number.parseInt(`${match[1]}${match[2]}`, 16);
}
