(() => {
  // How many results are added at once.
  const STEP = 50;
  // How long after the last key the search starts.
  const DEBOUNCE_MS = 120;
  // Characters shown before the first match, and in all.
  const BEFORE = 50;
  const SNIPPET = 220;

  const form = document.querySelector("form.search");
  const input = form.querySelector("input");
  const status = form.querySelector("[role=status]");
  const list = form.querySelector(".results");
  const more = form.querySelector(".more");
  const numbers = Array.from({ length: Number(form.dataset.pages) }, (_, index) => String(index + 1).padStart(3, "0"));

  // A page opened from disk can load nothing but scripts next to it. Each calls this once with the entries of its page.
  const loaded = new Map();
  globalThis.addToSearch = (page, entries) => loaded.set(page, entries);

  const load = (number) =>
    new Promise((resolve, reject) => {
      const page = `page-${number}.html`;
      const done = () => resolve({ page, entries: loaded.get(page) ?? [] });
      // Loaded entries are handed over asynchronously too, so that typing is not blocked.
      if (loaded.has(page)) return setTimeout(done);
      const script = document.createElement("script");
      script.src = `search/${number}.js`;
      script.onload = done;
      script.onerror = reject;
      document.head.append(script);
      script.remove();
    });

  // The id of the current query. The search for an earlier one stops.
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

  // The text around the first match, with all matches in it marked.
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

  // Enter was pressed: open the first result as soon as there is one.
  let opensFirst = false;

  const countResults = (count) => (count === 1 ? "1 result" : `${count} results`);

  // Adds up to `STEP` results.
  const show = async (found, words, id) => {
    more.hidden = true;
    const enough = list.childElementCount + STEP;
    while (list.childElementCount < enough) {
      const { value, done } = await found.next();
      if (id !== current) return;
      if (done) {
        const count = list.childElementCount;
        status.textContent = count === 0 ? "no results" : countResults(count);
        return;
      }
      list.append(row(value, words));
      if (opensFirst) return list.querySelector("a").click();
    }
    status.textContent = `first ${countResults(enough)}`;
    more.onclick = () => attempt(found, words, id);
    more.hidden = false;
  };

  const attempt = (found, words, id) =>
    show(found, words, id).catch(() => {
      if (id === current) status.textContent = "cannot search: the `search` folder is missing";
    });

  const search = () => {
    const id = ++current;
    const words = [...new Set(input.value.split(/\s+/))]
      .filter((word) => word !== "")
      .map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
    list.replaceChildren();
    more.hidden = true;
    status.textContent = words.length === 0 ? "" : "searching …";
    if (words.length > 0) attempt(find(words, id), words, id);
  };

  let timer;
  input.addEventListener("input", () => {
    // The results shown belong to the previous query.
    current++;
    opensFirst = false;
    status.textContent = "searching …";
    clearTimeout(timer);
    timer = setTimeout(search, DEBOUNCE_MS);
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value.trim() === "") return;
    opensFirst = true;
    clearTimeout(timer);
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
