// Keeps what is typed into a form in this browser until it is saved, and offers it again after a lost connection,
// a session that ran out or a closed window. It is forgotten on signing out.
"use strict";

{
  const PREFIX = "workbench-typed:";
  const form = document.querySelector("#content-main form[id$='_form']");
  const key = PREFIX + location.pathname;

  const read = (name) => {
    try {
      return JSON.parse(localStorage.getItem(name));
    } catch {
      return null; // no storage, or not ours
    }
  };
  const write = (name, value) => {
    try {
      localStorage.setItem(name, JSON.stringify(value));
    } catch {
      // full, or not allowed: the form works without
    }
  };
  const keys = () => Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));

  const isTyped = (field) =>
    field.name && !field.name.startsWith("_") && field.type !== "submit" && field.type !== "file" &&
    !/^csrfmiddlewaretoken$|(^|-)seen$|^initial-|-INITIAL_FORMS$|__prefix__/.test(field.name);

  // Each field by its name, with its value; of a list to choose from what is chosen, with how it is called.
  const typed = () =>
    [...form.elements].filter(isTyped).map((field) => {
      if (field.type === "checkbox" || field.type === "radio") return [field.name, field.checked];
      if (field.options) return [field.name, [...field.selectedOptions].map((one) => [one.value, one.text])];
      return [field.name, field.value];
    });

  const putBack = (fields) => {
    for (const [name, value] of fields) {
      if (!name.endsWith("-TOTAL_FORMS")) continue;
      const add = document.querySelector(`#${CSS.escape(name.replace("-TOTAL_FORMS", "-group"))} .add-row a`);
      for (let i = 0; add && i < 500 && Number(form.elements[name]?.value) < Number(value); i++) add.click();
    }
    for (const [name, value] of fields) {
      const field = form.elements[name];
      if (!field || name.endsWith("_FORMS")) continue;
      if (typeof value === "boolean") field.checked = value;
      else if (Array.isArray(value)) {
        for (const [key, text] of value) {
          if (![...field.options].some((one) => one.value === key)) field.add(new Option(text, key));
        }
        const chosen = new Set(value.map(([key]) => key));
        for (const option of field.options) option.selected = chosen.has(option.value);
      } else field.value = value;
      window.django?.jQuery(field).trigger("change");
    }
  };

  const offer = (kept) => {
    const note = document.createElement("div");
    note.className = "typed";
    note.setAttribute("role", "status");
    const text = document.createElement("p");
    text.textContent = `What you typed here on ${new Date(kept.at).toLocaleString()} was not saved.`;
    const button = (label, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "button";
      made.textContent = label;
      made.addEventListener("click", () => {
        act();
        note.remove();
      });
      return made;
    };
    note.append(
      text,
      button("Put it back", () => putBack(kept.fields)),
      button("Forget it", () => localStorage.removeItem(key)),
    );
    form.prepend(note);
  };

  // What was sent has arrived if the next page says so.
  if (document.querySelector(".messagelist .success")) {
    for (const name of keys()) if (read(name)?.sent) localStorage.removeItem(name);
  }
  let isLeaving = false;
  document.querySelector("#logout-form")?.addEventListener("submit", () => {
    isLeaving = true;
    for (const name of keys()) localStorage.removeItem(name);
  });

  if (form) {
    const kept = read(key);
    const seen = form.elements.seen?.value ?? "";
    if (kept?.sent && kept.seen !== seen) localStorage.removeItem(key);
    else if (kept && !document.querySelector(".errornote")) offer(kept);

    let before = "";
    let wait = 0;
    window.addEventListener("load", () => (before = JSON.stringify(typed())));
    const keep = (sent = false) => {
      const fields = typed();
      if (!isLeaving && before && JSON.stringify(fields) !== before) write(key, { at: Date.now(), seen, sent, fields });
    };
    const soon = () => {
      clearTimeout(wait);
      wait = setTimeout(keep, 800);
    };
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    window.addEventListener("pagehide", () => read(key)?.sent || keep());
    form.addEventListener("submit", () => keep(true));
  }
}
