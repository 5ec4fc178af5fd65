// The coding view: the text with its passages on one side, the positions on the other. Without this file, and in a
// browser that knows less, the page is a text, a list and a form.
import { Chooser } from "./chooser.js";
import { Form } from "./form.js";
import { Places } from "./places.js";

const STANCES = ["supports", "qualifies", "neutral", "opposes", "none"];
const panes = document.querySelector("[data-coding]");
if (panes && globalThis.TextAnnotator) start(panes.dataset.coding);

function start(address) {
  const text = document.getElementById("coding-text"), list = document.getElementById("coding-positions");
  const places = new Places(text);
  const chooser = new Chooser(places, text.lang);
  const status = document.getElementById("coding-status");
  const say = (words) => { status.textContent = words; };
  const of = new Map(); // the passages of each position, in units
  let lit = null;

  // --- Highlights, and what lies under the pointer: the library's work, drawn by the browser's own highlights

  const canDraw = Boolean(globalThis.CSS?.highlights);
  const annotator = TextAnnotator.createTextAnnotator(text, {
    userSelectAction: "SELECT",
    ...(canDraw && { renderer: (...given) => TextAnnotator.createRenderer({ redraw() {}, setVisible() {}, destroy() {} }, ...given) }),
    style: ({ id }) => ({ fill: getComputedStyle(item(position(id))).getPropertyValue("--stance"), fillOpacity: 0.25 }),
  });

  function annotations(li) {
    const id = li.dataset.position;
    const stretches = li.dataset.places.trim().split(" ").filter(Boolean).map((place) => place.split("-").map((n) => places.units(Number(n))));
    of.set(id, stretches);
    return stretches.map(([start, end], n) => {
      const annotation = `${id}:${n}`;
      const selector = [{ start, end, quote: places.text.slice(start, end), range: places.range(start, end) }];
      return { id: annotation, bodies: [], target: { annotation, selector, created: new Date(0) } };
    });
  }

  function draw() {
    if (!canDraw) return;
    const ranges = Object.fromEntries(STANCES.map((stance) => [stance, []]));
    for (const [id, stretches] of of) {
      const li = item(id);
      for (const stretch of stretches) ranges[li.dataset.stance].push(places.range(...stretch));
    }
    for (const stance of STANCES) CSS.highlights.set(`stance-${stance}`, new Highlight(...ranges[stance]));
  }

  const position = (annotation) => annotation.split(":")[0];
  const item = (id) => document.getElementById(`position-${id}`);

  // --- Links both ways

  function light(id) {
    if (lit === id) return;
    for (const one of [lit && item(lit), id && item(id)]) one?.classList.toggle("lit", one === (id && item(id)));
    lit = id;
    if (!canDraw) return;
    const shown = new Highlight(...(of.get(id) ?? []).map((stretch) => places.range(...stretch)));
    shown.priority = 1;
    CSS.highlights.set("lit", shown);
  }

  function showInText(start, end) {
    const rect = places.range(start, end).getBoundingClientRect();
    if (rect.top < 60 || rect.bottom > innerHeight - 20) scrollBy({ top: rect.top - innerHeight / 3 });
  }

  function showInList(id) {
    const li = item(id), side = li?.closest(".coding-side");
    if (!li) return;
    const top = li.getBoundingClientRect().top - side.getBoundingClientRect().top;
    if (top < 0 || top > side.clientHeight - 80) side.scrollTop += top - side.clientHeight / 3;
  }

  annotator.on("mouseEnterAnnotation", ({ id }) => light(position(id)));
  annotator.on("mouseLeaveAnnotation", () => light(null));
  annotator.on("clickAnnotation", (annotation) => {
    const id = position([annotation].flat()[0].id);
    light(id);
    showInList(id);
  });
  list.addEventListener("pointerover", ({ target }) => light(target.closest("[data-position]")?.dataset.position ?? null));
  list.addEventListener("pointerleave", () => light(null));
  list.addEventListener("focusin", ({ target }) => light(target.closest("[data-position]").dataset.position));
  for (const event of ["pointerover", "focusin"]) {
    text.addEventListener(event, ({ target }) => { if (target.dataset?.of) light(target.dataset.of); });
  }

  // --- Choosing: with the pointer, a touch or the browser's own keys by the library; by ours in chooser.js

  let byOurKeys = false, isOurs = false;

  annotator.on("createAnnotation", (made) => {
    annotator.state.store.deleteAnnotation(made.id); // a choice is none of the passages yet
    if (byOurKeys) return; // it was told of our own choice, as it was a moment ago
    const { start, end } = made.target.selector[0], last = made.target.selector.at(-1);
    chooser.take(...(places.trimmed(start, Math.max(end, last.end)) ?? [start, end]));
    showChosen();
    text.focus({ preventScroll: true });
    say("c codes what you chose.");
  });
  document.addEventListener("pointerdown", () => { byOurKeys = false; });
  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    if (selection.isCollapsed && text.contains(selection.anchorNode) && !isOurs) {
      chooser.clear();
      showChosen();
    }
  });

  // The browser shows a selection only while nothing else has the focus.
  function showChosen() {
    if (canDraw) CSS.highlights.set("chosen", new Highlight(...(chooser.chosen ? [places.range(...chooser.chosen)] : [])));
  }

  function choose() {
    const { chosen } = chooser;
    isOurs = byOurKeys = true;
    showChosen();
    if (chosen) {
      const range = places.range(...chosen);
      getSelection().setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
      showInText(...(chooser.movesStart ? [chosen[0], chosen[0] + 1] : chosen));
      const words = places.text.slice(...chosen);
      say(words.length > 160 ? `${words.slice(0, 70)} … ${words.slice(-70)}` : words);
      const under = passageAt(chosen[0]);
      light(under?.id ?? null);
      if (under) showInList(under.id);
    } else getSelection().removeAllRanges();
    setTimeout(() => { isOurs = false; }, 50);
  }

  const passages = () =>
    [...of].flatMap(([id, stretches]) => stretches.map(([start, end]) => ({ id, start, end }))).sort((a, b) => a.start - b.start);
  const passageAt = (at) => passages().findLast(({ start, end }) => start <= at && at < end);

  function goOn(forward) {
    const at = chooser.chosen?.[0] ?? (forward ? -1 : Infinity);
    const next = forward ? passages().find(({ start }) => start > at) : passages().findLast(({ start }) => start < at);
    if (!next) return say(forward ? "No passage after this one." : "No passage before this one.");
    chooser.take(next.start, next.end);
    choose();
  }

  // Where reading has come to: the first words that can be seen.
  function seen() {
    const p = [...text.querySelectorAll("p")].find((one) => one.getBoundingClientRect().bottom > 80);
    const index = p ? places.nodes.indexOf(p.lastChild) : 0;
    return places.starts[Math.max(index, 0)] ?? 0;
  }

  function code() {
    const { chosen } = chooser;
    if (!form) return say("You may read this and not code it.");
    if (!chosen) return say("Choose some words first: ↓ takes a sentence.");
    const stretches = places.lines(...chosen);
    form.open(stretches);
    return stretches.length > 1 && say(`What you chose runs over ${stretches.length} paragraphs, so it is quoted as as many passages. Take out those that don't belong to it.`);
  }

  text.addEventListener("keydown", (event) => {
    if (event.target !== text) return;
    const keys = {
      c: code,
      n: () => goOn(true),
      p: () => goOn(false),
      e: () => lit && form?.edit(item(lit).querySelector("[data-edit]").href),
      u: () => takeBack(),
      Escape: () => { chooser.clear(); choose(); say(""); },
    };
    const isPlain = !event.ctrlKey && !event.altKey && !event.metaKey && !event.shiftKey;
    if (chooser.key(event, chooser.chosen ? 0 : seen())) choose();
    else if (isPlain && keys[event.key]) keys[event.key]();
    else {
      byOurKeys = false;
      return;
    }
    event.preventDefault();
  });

  // --- The form, and what comes of it

  function back() {
    text.focus({ preventScroll: true });
    if (chooser.chosen) showInText(...chooser.chosen);
  }

  const place = document.getElementById("coding-form-place");
  const form = place && new Form(place, {
    address, places, say,
    left: back,
    saved(html) {
      const made = new DOMParser().parseFromString(html, "text/html").querySelector("li");
      const former = item(made.dataset.position);
      if (former) {
        for (const n of (of.get(made.dataset.position) ?? []).keys()) annotator.state.store.deleteAnnotation(`${made.dataset.position}:${n}`);
        former.replaceWith(made);
      } else {
        const first = Number(made.dataset.places.split("-")[0]);
        const next = [...list.children].find((li) => Number(li.dataset.places.split("-")[0]) > first);
        list.insertBefore(made, next ?? null);
      }
      for (const annotation of annotations(made)) annotator.addAnnotation(annotation);
      mark(made);
      draw();
      document.getElementById("coding-count").textContent = list.children.length;
      document.getElementById("coding-undo").hidden = false;
      light(made.dataset.position);
      showInList(made.dataset.position);
      back();
      say(`Saved; u takes it back. “${made.querySelector("h3").textContent}”`);
    },
  });
  list.addEventListener("click", (event) => {
    const edit = event.target.closest("[data-edit]"), inText = event.target.closest("[data-place]");
    if (edit && form && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      form.edit(edit.href);
    } else if (inText) {
      event.preventDefault();
      const start = places.units(Number(inText.dataset.place)), { position: id } = event.target.closest("[data-position]").dataset;
      const stretch = of.get(id).find(([one]) => one === start);
      chooser.take(...stretch);
      text.focus({ preventScroll: true });
      choose();
    }
  });

  // The signs in the margin of a position that has just been saved.
  function mark(li) {
    const id = li.dataset.position;
    for (const old of text.querySelectorAll(`[data-of="${id}"]`)) old.remove();
    for (const [start] of of.get(id)) {
      const p = places.range(start, start + 1).startContainer.parentElement;
      let marks = p.querySelector(".marks");
      if (!marks) {
        marks = document.createElement("span");
        marks.className = "marks";
        p.prepend(marks);
      }
      const sign = document.createElement("a");
      sign.className = `mark mark-${li.dataset.stance}`;
      sign.href = `#position-${id}`;
      sign.id = `mark-${id}-${places.points(start)}`;
      sign.dataset.of = id;
      sign.setAttribute("aria-label", li.querySelector("h3").textContent);
      sign.tabIndex = -1;
      marks.append(sign);
    }
  }

  const undo = document.getElementById("coding-undo");
  function takeBack() {
    if (undo.hidden) say("There is nothing to take back.");
    else undo.requestSubmit();
  }
  undo.addEventListener("submit", () => sessionStorage.setItem(`scroll ${address}`, scrollY));

  // --- Begin

  for (const sign of text.querySelectorAll(".mark")) sign.tabIndex = -1; // n and p go from one to the next
  const stored = [...list.children].flatMap(annotations);
  draw();
  // Where the passages lie under the pointer takes the layout of all of the text: when there is time for it.
  setTimeout(() => annotator.setAnnotations(stored, false));
  const kept = sessionStorage.getItem(`scroll ${address}`);
  if (kept !== null) {
    sessionStorage.removeItem(`scroll ${address}`);
    scrollTo(0, Number(kept));
    text.focus({ preventScroll: true });
  } else if (!location.hash && document.activeElement === document.body) {
    text.focus({ preventScroll: true }); // the keys work at once
  }
  form?.restore();
  panes.dataset.ready = "";
}
