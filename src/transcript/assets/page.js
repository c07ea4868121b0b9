(() => {
  // Convert times from UTC to the reader's time zone.
  const time = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
  const date = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  for (const element of document.querySelectorAll("time[datetime]")) {
    const at = new Date(element.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    element.title = element.dateTime;
    element.textContent = (element.dataset.form === "date" ? date : time).format(at);
  }

  // A link to a block opens the boxes around it and in it.
  const reveal = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target === null) return;
    for (let box = target; box !== null; box = box.parentElement) if (box.tagName === "DETAILS") box.open = true;
    for (const box of target.querySelectorAll("details")) box.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  if (location.hash !== "") reveal();

  // A click on the number sign of a block copies the link to it.
  document.addEventListener("click", async (event) => {
    const anchor = event.target.closest?.("a.anchor");
    if (anchor === null || anchor === undefined) return;
    try {
      await navigator.clipboard.writeText(anchor.href);
      anchor.dataset.copied = "copied";
      setTimeout(() => delete anchor.dataset.copied, 1500);
    } catch {
      // Clipboard access was denied. The link is in the address bar.
    }
  });

  // Open all boxes for printing.
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

  // j and k go to the next and previous prompt, and from the last and first prompt to another page.
  const linkTo = (rel) => document.querySelector(`a[rel="${rel}"]`);
  const goTo = (prompt) => {
    prompt.tabIndex = -1;
    prompt.focus({ preventScroll: true });
    prompt.scrollIntoView();
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, textarea, select")) return;
    const isShortcut = ["j", "k", "u"].includes(event.key) || (event.key === "/" && linkTo("search") !== null);
    if (!isShortcut) return;
    // Otherwise Firefox may start its own search, which then receives the next keys.
    event.preventDefault();
    const prompts = [...document.querySelectorAll("h2[id]")];
    const current = prompts.indexOf(document.activeElement);
    const top = (prompt) => prompt.getBoundingClientRect().top;
    // The last prompts of a page cannot scroll to its top, so the focused prompt counts while it is visible.
    const isVisible = current !== -1 && top(prompts[current]) > -8 && top(prompts[current]) < innerHeight;
    if (event.key === "j") {
      const next = isVisible ? prompts[current + 1] : prompts.find((prompt) => top(prompt) > 8);
      if (next === undefined) linkTo("next")?.click();
      else goTo(next);
    } else if (event.key === "k") {
      const previous = isVisible ? prompts[current - 1] : prompts.findLast((prompt) => top(prompt) < -8);
      if (previous === undefined) linkTo("prev")?.click();
      else goTo(previous);
    } else linkTo(event.key === "u" ? "up" : "search")?.click();
  });
})();
