// The colors in page.css.
import { expect, test } from "bun:test";
import style from "../../../src/transcript/assets/page.css" with { type: "text" };

type Scheme = "light" | "dark";

const [LIGHT = "", DARK = ""] = [...style.matchAll(/:root \{([^}]*--page[^}]*)\}/g)].map(([, block]) => block);

/** The colors of a scheme by name: its variables and the terminal colors. */
function colorsOf(scheme: Scheme): Map<string, string> {
  const variables = [...(scheme === "light" ? LIGHT : DARK).matchAll(/(--[\w-]+): (#\w+);/g)];
  const terminal = [...style.matchAll(/\.(t-\w+) \{\s*color: light-dark\((#\w+), (#\w+)\)/g)];
  return new Map([
    ...variables.map(([, name = "", color = ""]) => [name, color] as const),
    ...terminal.map(([, name = "", light = "", dark = ""]) => [name, scheme === "light" ? light : dark] as const),
  ]);
}

/** The contrast ratio of two colors, as defined by WCAG 2. */
function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Background colors with the text colors used on them. */
const PAIRS: Record<string, string[]> = {
  "--page": ["--ink", "--soft", "--link", "--good", "--bad"],
  "--box": ["--ink", "--soft", "--link", "--good", "--bad", "t-yellow", "t-blue", "t-magenta", "t-cyan"],
  "--prompt-box": ["--ink", "--soft", "--link"],
  "--good-box": ["--ink", "--soft"],
  "--bad-box": ["--ink", "--soft"],
  "--mark": ["--ink"],
};

test.each(["light", "dark"] as const)("every text color has enough contrast with its background, %s", (scheme) => {
  const colors = colorsOf(scheme);
  const weak = Object.entries(PAIRS).flatMap(([background, texts]) =>
    texts
      .map((text) => ({
        pair: `${text} on ${background}`,
        ratio: contrast(`${colors.get(text)}`, `${colors.get(background)}`),
      }))
      .filter(({ ratio }) => !(ratio >= 4.5)),
  );
  expect(weak).toEqual([]);
  expect(contrast(`${colors.get("--edge")}`, `${colors.get("--page")}`)).toBeGreaterThanOrEqual(3);
});

test("both schemes define the same colors", () => {
  expect([...colorsOf("dark").keys()]).toEqual([...colorsOf("light").keys()]);
});

test("black on white has the maximum contrast", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.478, 2);
});
