// Runs in a page and returns its layout and accessibility problems, with all boxes open.
(() => {
  const problems = [];
  const expect = (condition, problem) => condition || problems.push(problem);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const nameOf = (element) =>
    (element.getAttribute("aria-label") ?? "") + element.textContent.trim() + (element.querySelector("img")?.alt ?? "");

  for (const box of all("details")) box.open = true;
  const { scrollWidth, clientWidth } = document.documentElement;
  expect(scrollWidth <= clientWidth, `the page is ${scrollWidth} wide in a window of ${clientWidth}`);
  // A box may scroll, but must not cut off its text.
  for (const element of all("main *"))
    if (getComputedStyle(element).overflowX === "hidden")
      expect(
        element.scrollWidth <= element.clientWidth,
        `<${element.localName} class="${element.className}"> cuts off its content`,
      );

  expect(all("main").length === 1, "the page must have one main landmark");
  const labels = all("nav").map((element) => element.getAttribute("aria-label"));
  expect(
    labels.every((label) => label) && new Set(labels).size === labels.length,
    `navigation landmarks must have distinct labels: ${labels}`,
  );
  const levels = all("h1, h2, h3, h4, h5, h6").map((element) => Number(element.localName[1]));
  expect(levels[0] === 1 && levels.filter((level) => level === 1).length === 1, "the page must start with its only h1");
  for (const [index, level] of levels.entries())
    expect(level <= (levels[index - 1] ?? 0) + 1, `h${level} after h${levels[index - 1]}`);
  for (const element of all("a, button, summary")) expect(nameOf(element) !== "", `${element.outerHTML} has no name`);
  for (const element of all("img")) expect(element.alt !== "", `${element.outerHTML} has no text`);
  for (const element of all("input")) expect(element.labels.length === 1, `${element.outerHTML} has no label`);
  const ids = all("[id]").map(({ id }) => id);
  expect(new Set(ids).size === ids.length, "duplicate id");
  expect(document.documentElement.lang !== "" && document.title !== "", "the page has no language or no title");

  for (const { href } of all("a")) expect(/^(?:https?|mailto|file):/.test(href), `unexpected link: ${href}`);
  expect(globalThis.hacked === undefined, "a script from the log ran");
  return problems;
})();
