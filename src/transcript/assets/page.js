(() => {
  // Times in the reader's own zone; what the page says without this is UTC.
  const time = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
  const date = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  for (const element of document.querySelectorAll("time[datetime]")) {
    const at = new Date(element.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    element.title = element.dateTime;
    element.textContent = (element.dataset.form === "date" ? date : time).format(at);
  }

  // A link to a place opens the boxes around it and in it: what is linked to is to be seen.
  const reveal = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target === null) return;
    for (let at = target; at !== null; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    for (const box of target.querySelectorAll("details")) box.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  if (location.hash !== "") reveal();

  // A click on a place's sign copies the link to it.
  document.addEventListener("click", async (event) => {
    const anchor = event.target.closest?.("a.anchor");
    if (anchor === null || anchor === undefined) return;
    try {
      await navigator.clipboard.writeText(anchor.href);
      anchor.dataset.copied = "copied";
      setTimeout(() => delete anchor.dataset.copied, 1500);
    } catch {
      // The address bar shows it.
    }
  });

  // Printed, everything is open.
  const opened = [];
  addEventListener("beforeprint", () => {
    for (const box of document.querySelectorAll("details:not([open])")) {
      box.open = true;
      opened.push(box);
    }
  });
  addEventListener("afterprint", () => {
    for (const box of opened.splice(0)) box.open = false;
  });

  const keys = document.querySelector(".keys");
  if (keys !== null) keys.hidden = false;

  // j and k go from prompt to prompt, and on to the next page.
  const linkTo = (rel) => document.querySelector(`a[rel="${rel}"]`);
  const goTo = (prompt) => {
    prompt.tabIndex = -1;
    prompt.focus({ preventScroll: true });
    prompt.scrollIntoView();
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, textarea, select")) return;
    const isOurs = ["j", "k", "u"].includes(event.key) || (event.key === "/" && linkTo("search") !== null);
    if (!isOurs) return;
    // Firefox begins a search of its own with such a key, and that would get the ones after it.
    event.preventDefault();
    const prompts = [...document.querySelectorAll("h2[id]")];
    const here = prompts.indexOf(document.activeElement);
    const top = (prompt) => prompt.getBoundingClientRect().top;
    // The last prompts of a page never come to its top: the one that was gone to counts for as long as it is in sight.
    const isSeen = here !== -1 && top(prompts[here]) > -8 && top(prompts[here]) < innerHeight;
    if (event.key === "j") {
      const next = isSeen ? prompts[here + 1] : prompts.find((prompt) => top(prompt) > 8);
      if (next === undefined) linkTo("next")?.click();
      else goTo(next);
    } else if (event.key === "k") {
      const before = isSeen ? prompts[here - 1] : prompts.findLast((prompt) => top(prompt) < -8);
      if (before === undefined) linkTo("prev")?.click();
      else goTo(before);
    } else linkTo(event.key === "u" ? "up" : "search")?.click();
  });
})();
