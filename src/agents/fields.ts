// Reads fields of records whose shape is not guaranteed. A field of the wrong type counts as missing.

export type Fields = Record<string, unknown>;

/** The value if it is an object; null for anything else, including arrays. */
export function asFields(value: unknown): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

/** A field by its snake_case name, or by the camelCase spelling that some versions write. */
export function field(fields: Fields, name: string): unknown {
  const value = fields[name] ?? null;
  if (value !== null) return value;
  const other = camelCase(name);
  return other === name ? value : fields[other];
}

export function textField(fields: Fields, name: string): string | null {
  const value = field(fields, name);
  return typeof value === "string" ? value : null;
}

export function numberField(fields: Fields, name: string): number | null {
  const value = field(fields, name);
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

export function fieldsField(fields: Fields, name: string): Fields | null {
  return asFields(field(fields, name));
}

export function listField(fields: Fields, name: string): unknown[] {
  const value = field(fields, name);
  return Array.isArray(value) ? value : [];
}

/** The objects in a list; its other values are ignored. */
export function fieldsListField(fields: Fields, name: string): Fields[] {
  return listField(fields, name)
    .map(asFields)
    .filter((each) => each !== null);
}

/** The value if it is a list of strings; null for anything else. */
export function asTexts(value: unknown): string[] | null {
  return Array.isArray(value) && value.every((part) => typeof part === "string") ? value : null;
}

/** Cached because the same few names are read from every record. */
const camelCases = new Map<string, string>();

function camelCase(name: string): string {
  const known = camelCases.get(name);
  if (known !== undefined) return known;
  const spelled = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  camelCases.set(name, spelled);
  return spelled;
}
