/** The first line of what a model wrote, without marks of Markdown, as long as a heading. */
export function firstLine(text: string): string {
  const line =
    text
      .trim()
      .split("\n", 1)[0]
      ?.replaceAll(/[*_#`]/g, "")
      .trim() ?? "";
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
