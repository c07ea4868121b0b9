/** A JSON value with every string replaced, except keys. */
export function mapStrings<T>(value: T, replace: (text: string) => string): T {
  const visit = (node: unknown): unknown => {
    if (typeof node === "string") return replace(node);
    if (Array.isArray(node)) return node.map(visit);
    if (typeof node !== "object" || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([key, field]) => [key, visit(field)]));
  };
  return visit(value) as T;
}
