// What pages do beyond HTML: "/" goes to the search box, arrows through a list. Everything works without this file.
document.addEventListener("keydown", (event) => {
  const target = event.target;
  const typing = target.matches("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const box = document.querySelector("main .search input") || document.querySelector(".search input");
    if (box) {
      event.preventDefault();
      box.focus();
      box.select();
    }
  }
});

// Arrows lead from the search box to the first record of a list, from one to the next, and back.
document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
  const stops = [...document.querySelectorAll("main .search input[type=search], main .card h3 a, main .records th a")];
  const next = stops[stops.indexOf(event.target) + step];
  if (!stops.includes(event.target) || !next) return;
  event.preventDefault();
  next.focus();
});

// A definition that is shown beside its term goes away with Escape, until the term is pointed at or focused again.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const term of document.querySelectorAll(".defined:is(:hover, :focus-within)")) term.classList.add("dismissed");
});
for (const arriving of ["mouseover", "focusin"]) {
  document.addEventListener(arriving, () => {
    for (const term of document.querySelectorAll(".dismissed:not(:hover, :focus-within)")) term.classList.remove("dismissed");
  });
}

// On a wide screen the facets stand open. Browsers that know ::details-content do that by themselves; on a narrow one,
// who has opened them keeps them open while choosing.
const wide = window.matchMedia("(min-width: 56rem)");
let opened = false;
const openFacets = () => {
  const facets = document.querySelector(".facets");
  if (!facets) return;
  facets.open = wide.matches || opened;
  facets.addEventListener("toggle", () => { opened = facets.open && !wide.matches; });
};
openFacets();
wide.addEventListener("change", openFacets);
document.addEventListener("htmx:afterSwap", openFacets);

// After a filter was applied in place, say how many results there are, and keep the focus on the same control.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "results") return;
  const count = document.querySelector("#results [data-announce]");
  const status = document.getElementById("status");
  if (count && status) status.textContent = count.textContent;
  document.title = document.querySelector("#results [data-title]")?.dataset.title || document.title;
});

// Searches that a visitor keeps: in this browser alone, nothing of them goes anywhere.
const KEPT = "kept searches";
const kept = () => {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) || [];
  } catch {
    return [];
  }
};
const keep = (searches) => {
  try {
    localStorage.setItem(KEPT, JSON.stringify(searches));
  } catch { /* the browser keeps nothing: then neither do we */ }
  showKept();
};
const showKept = () => {
  const nav = document.getElementById("saved");
  if (!nav) return;
  const searches = kept();
  nav.hidden = searches.length === 0;
  nav.querySelector("ul").replaceChildren(...searches.map(({ name, query }, index) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.className = "chip";
    link.href = `/browse/?${query}`;
    link.textContent = name;
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "quiet";
    drop.textContent = "×";
    drop.setAttribute("aria-label", `Drop ${name}`);
    drop.addEventListener("click", () => {
      keep(kept().filter((_, i) => i !== index));
      document.getElementById("status").textContent = `Dropped ${name}`;
      (nav.hidden ? document.getElementById("q") : nav.querySelector("a")).focus();
    });
    item.append(link, " ", drop);
    return item;
  }));
  const save = document.querySelector("[data-save]");
  if (!save) return;
  const button = save.querySelector("button");
  button.hidden = searches.some(({ query }) => query === save.dataset.save);
  button.onclick = () => {
    keep([...kept(), { name: save.dataset.name.trim(), query: save.dataset.save }]);
    document.getElementById("status").textContent = `Kept ${save.dataset.name.trim()}`;
    nav.querySelector("li:last-child a").focus();
  };
};
showKept();
document.addEventListener("htmx:afterSwap", showKept);

// A reference goes to the clipboard with one click, where there is one to be reached.
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).innerText);
      button.textContent = "Copied";
      document.getElementById("status").textContent = "Copied";
    });
  }
}
