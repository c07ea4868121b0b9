import { expect, test } from "bun:test";
import { html } from "../../../src/transcript/html/template.ts";
import { terminalText } from "../../../src/transcript/html/terminal-text.ts";

const ESC = "\u001b";

test.each([
  ["plain <text>", "plain &lt;text&gt;"],
  [`${ESC}[31mred${ESC}[0m not`, '<span class="t-red">red</span> not'],
  [
    `${ESC}[1;32mboth${ESC}[22m green${ESC}[39m`,
    '<span class="t-green t-bold">both</span><span class="t-green"> green</span>',
  ],
  [`${ESC}[91mbright${ESC}[m`, '<span class="t-red">bright</span>'],
  [`${ESC}[38;5;31mby number${ESC}[0m`, "by number"],
  [`${ESC}[38;2;31;32;33mby parts${ESC}[0m`, "by parts"],
  [`${ESC}[2J${ESC}[10;10Hmoved`, "moved"],
  [`${ESC}]8;;https://evil.example${ESC}\\link${ESC}]8;;${ESC}\\`, "link"],
  [`${ESC}]0;title\u0007text`, "text"],
  ["10%\r50%\r100%\ndone\r\n", "100%\ndone\n"],
  [`${ESC}[31`, "\ufffd[31"],
])("renders %j as %j", (output, shown) => {
  expect(html`${terminalText(output)}`.source).toBe(shown);
});

test("many unfinished control sequences take linear time", () => {
  const text = `${ESC}[`.repeat(200_000) + "\r".repeat(200_000);
  expect(html`${terminalText(text)}`.source.length).toBeGreaterThan(0);
});
