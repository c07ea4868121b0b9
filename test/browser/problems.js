// Runs in a page, with every box open: what is wrong with it for somebody who reads it, sees it or hears it.
(() => {
  const problems = [];
  const expect = (holds, problem) => holds || problems.push(problem);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const nameOf = (element) =>
    (element.getAttribute("aria-label") ?? "") + element.textContent.trim() + (element.querySelector("img")?.alt ?? "");

  for (const box of all("details")) box.open = true;
  const { scrollWidth, clientWidth } = document.documentElement;
  expect(scrollWidth <= clientWidth, `is ${scrollWidth} wide in a window of ${clientWidth}`);
  // A box may scroll by itself, but text that is cut at its edge cannot be read at all.
  for (const element of all("main *"))
    if (getComputedStyle(element).overflowX === "hidden")
      expect(element.scrollWidth <= element.clientWidth, `<${element.localName} class="${element.className}"> is cut`);

  expect(all("main").length === 1, "has no main landmark, or several");
  const labels = all("nav").map((element) => element.getAttribute("aria-label"));
  expect(labels.every((label) => label) && new Set(labels).size === labels.length, `navigations are called ${labels}`);
  const levels = all("h1, h2, h3, h4, h5, h6").map((element) => Number(element.localName[1]));
  expect(levels[0] === 1 && levels.filter((level) => level === 1).length === 1, "has no first heading, or several");
  for (const [index, level] of levels.entries())
    expect(level <= (levels[index - 1] ?? 0) + 1, `h${level} after h${levels[index - 1]}`);
  for (const element of all("a, button, summary")) expect(nameOf(element) !== "", `${element.outerHTML} has no name`);
  for (const element of all("img")) expect(element.alt !== "", `${element.outerHTML} has no text`);
  for (const element of all("input")) expect(element.labels.length === 1, `${element.outerHTML} has no label`);
  const ids = all("[id]").map(({ id }) => id);
  expect(new Set(ids).size === ids.length, "two things have one id");
  expect(document.documentElement.lang !== "" && document.title !== "", "has no language or no title");

  for (const { href } of all("a")) expect(/^(?:https?|mailto|file):/.test(href), `leads to ${href}`);
  expect(globalThis.hacked === undefined, "ran what was in the log");
  return problems;
})();
