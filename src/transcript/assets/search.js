(() => {
  // Rows that are added at once, how long a person may pause while typing, and what is shown around the first match.
  const STEP = 50;
  const PAUSE_MS = 120;
  const BEFORE = 50;
  const SNIPPET = 220;

  const form = document.querySelector("form.search");
  const input = form.querySelector("input");
  const status = form.querySelector("[role=status]");
  const results = form.querySelector(".results");
  const more = form.querySelector(".more");
  const numbers = Array.from({ length: Number(form.dataset.pages) }, (_, index) => String(index + 1).padStart(3, "0"));

  // A script beside the page is all that can be loaded from a file. Each calls this once with its page's entries.
  const shards = new Map();
  globalThis.addToSearch = (page, entries) => shards.set(page, entries);

  const load = (number) =>
    new Promise((resolve, reject) => {
      const page = `page-${number}.html`;
      const done = () => resolve({ page, entries: shards.get(page) ?? [] });
      // Even what is there already comes in a turn of its own, so that typing is never held up.
      if (shards.has(page)) return setTimeout(done);
      const script = document.createElement("script");
      script.src = `search/${number}.js`;
      script.onload = done;
      script.onerror = reject;
      document.head.append(script);
      script.remove();
    });

  // The query that is being answered: one that was typed over stops.
  let current = 0;

  async function* find(words, id) {
    const patterns = words.map((word) => new RegExp(word, "iu"));
    for (const number of numbers) {
      const { page, entries } = await load(number);
      if (id !== current) return;
      for (const [anchor, kind, text] of entries)
        if (patterns.every((pattern) => pattern.test(text))) yield { href: `${page}#${anchor}`, anchor, kind, text };
    }
  }

  const element = (name, className, text) => {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    return made;
  };

  // The text around the first match, with every match in it marked.
  const snippet = (text, words) => {
    const marks = new RegExp(words.join("|"), "giu");
    const from = Math.max(0, text.search(marks) - BEFORE);
    const shown = text.slice(from, from + SNIPPET).replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, "");
    const made = element("span", "snippet", from > 0 ? "…" : "");
    let end = 0;
    for (const match of shown.matchAll(marks)) {
      made.append(shown.slice(end, match.index), element("mark", "", match[0]));
      end = match.index + match[0].length;
    }
    made.append(shown.slice(end), from + SNIPPET < text.length ? "…" : "");
    return made;
  };

  const row = ({ href, anchor, kind, text }, words) => {
    const link = document.createElement("a");
    link.href = href;
    const prompt = /^p([1-9]\d*)-/.exec(anchor);
    link.append(element("span", "kind", kind), snippet(text, words));
    if (prompt !== null) link.append(element("span", "where", `prompt ${prompt[1]}`));
    const item = document.createElement("li");
    item.append(link);
    return item;
  };

  // Enter was pressed, maybe before anything was found.
  let opensFirst = false;

  const places = (count) => (count === 1 ? "1 place" : `${count} places`);

  // Adds rows until there are enough for now, or no more to find.
  const show = async (found, words, id) => {
    more.hidden = true;
    const enough = results.childElementCount + STEP;
    while (results.childElementCount < enough) {
      const { value, done } = await found.next();
      if (id !== current) return;
      if (done) {
        const count = results.childElementCount;
        status.textContent = count === 0 ? "nothing found" : `${places(count)} found`;
        return;
      }
      results.append(row(value, words));
      if (opensFirst) return results.querySelector("a").click();
    }
    status.textContent = `the first ${places(enough)}`;
    more.onclick = () => attempt(found, words, id);
    more.hidden = false;
  };

  const attempt = (found, words, id) =>
    show(found, words, id).catch(() => {
      if (id === current) status.textContent = "cannot search: the folder `search` is not beside this page";
    });

  const search = () => {
    const id = ++current;
    const words = [...new Set(input.value.split(/\s+/))]
      .filter((word) => word !== "")
      .map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
    results.replaceChildren();
    more.hidden = true;
    status.textContent = words.length === 0 ? "" : "searching …";
    if (words.length > 0) attempt(find(words, id), words, id);
  };

  let waiting;
  input.addEventListener("input", () => {
    // What was found before is no answer to this.
    current++;
    opensFirst = false;
    status.textContent = "searching …";
    clearTimeout(waiting);
    waiting = setTimeout(search, PAUSE_MS);
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value.trim() === "") return;
    opensFirst = true;
    clearTimeout(waiting);
    search();
  });

  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    input.value = "";
    search();
    input.blur();
  });

  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input")) return;
    event.preventDefault();
    input.focus();
  });

  form.hidden = false;
  if (location.hash === "#query") input.focus();
})();
