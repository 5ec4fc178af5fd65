// The form beside the text: filled from it, sent without leaving the page, and never emptied before it is saved.
export class Form {
  constructor(place, { address, places, say, saved, left }) {
    Object.assign(this, { place, address, places, say, saved, left });
    this.storage = `coding ${address}`;
    this.opener = null;
    this.isDirty = Boolean(place.querySelector(".errornote"));
    this.blank = this.isDirty ? null : place.innerHTML;
    place.hidden = !this.isDirty;
    place.addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
    place.addEventListener("input", (event) => this.typed(event));
    place.addEventListener("keydown", (event) => this.key(event));
    place.addEventListener("click", (event) => {
      if (!event.target.closest("[data-leave]")) return;
      event.preventDefault();
      this.leave(true);
    });
  }

  get form() {
    return this.place.querySelector("form");
  }

  get isOpen() {
    return !this.place.hidden;
  }

  // With these places of the text quoted in it; if it is open already, they are added.
  async open(stretches) {
    if (!this.isOpen) {
      this.show(this.blank ?? (await this.fetched(this.address)));
      this.isDirty = false;
      const title = this.form.elements.title;
      title.value = stretches.map(([start, end]) => this.words(start, end)).join(" … ").slice(0, title.maxLength);
    }
    for (const stretch of stretches) this.quote(...stretch);
    (this.form.elements.proposition ?? this.form.elements.title).focus();
    this.keep();
    this.suggestTerms();
  }

  // Regions and themes that the words quoted name, each a button beneath its line: nothing is put in by itself.
  async suggestTerms() {
    const words = new FormData();
    for (const line of this.place.querySelectorAll("[name$=-quotation]")) words.append("words", line.value);
    const answer = await fetch(`${this.address}suggested/`, { method: "POST", body: words, headers: headers() }).catch(() => null);
    if (!answer?.ok || answer.redirected || !this.isOpen) return; // it can be typed all the same
    for (const [field, names] of Object.entries(await answer.json())) {
      const input = this.form.elements[field], there = terms(input.value);
      input.parentElement.querySelector(".coding-suggested")?.remove();
      const buttons = names.filter((name) => !there.includes(name)).map((name) => {
        const button = document.createElement("button");
        Object.assign(button, { type: "button", className: "button", textContent: name });
        button.setAttribute("aria-label", `Add ${name} to the ${field}`);
        button.addEventListener("click", () => this.takeTerm(input, name, button));
        return button;
      });
      if (!buttons.length) continue;
      const row = document.createElement("p");
      row.className = "coding-suggested";
      row.append("Named there: ", ...buttons);
      input.after(row);
    }
  }

  takeTerm(input, name, button) {
    if (!terms(input.value).includes(name)) input.value = [...terms(input.value), name].join(", ");
    const row = button.parentElement;
    button.remove();
    if (!row.querySelector("button")) row.remove();
    input.focus();
    this.typed({ target: input });
  }

  async edit(address) {
    if (this.isDirty && !this.leave(true)) return;
    const form = await this.fetched(address);
    if (form === null) return;
    this.show(form);
    this.isDirty = false;
    this.form.elements.title.focus();
  }

  show(html) {
    this.place.innerHTML = html;
    this.place.hidden = false;
  }

  words(start, end) {
    return this.places.text.slice(start, end).replace(/\s+/g, " ");
  }

  // A line of the form for a place of the text: the first one that is empty, or a new one.
  quote(start, end) {
    const lines = this.place.querySelector("#passage-lines"), total = this.form.elements["passages-TOTAL_FORMS"];
    let line = [...lines.children].find((one) => !one.querySelector("textarea").value);
    if (!line) {
      const number = Number(total.value);
      const made = this.place.querySelector("#empty-line").innerHTML.replaceAll("__prefix__", number);
      lines.insertAdjacentHTML("beforeend", made);
      total.value = number + 1;
      line = lines.lastElementChild;
    }
    line.querySelector("textarea").value = this.places.text.slice(start, end);
    line.querySelector("[name$=-start]").value = this.places.points(start);
    line.querySelector("[name$=-end]").value = this.places.points(end);
  }

  typed({ target }) {
    this.isDirty = true;
    this.keep();
    if (target.name?.endsWith("-quotation")) {
      // Other words are at another place, which the server looks for.
      const line = target.closest(".passage-line");
      for (const end of ["start", "end"]) line.querySelector(`[name$=-${end}]`).value = "";
    }
    if (target.getAttribute("list") === "known-propositions") this.suggest(target);
  }

  suggest(input) {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(async () => {
      const from = input.list.dataset.from;
      const answer = await fetch(`${from}&term=${encodeURIComponent(input.value)}`).catch(() => null);
      if (!answer?.ok || answer.redirected) return;
      const { results } = await answer.json();
      input.list.replaceChildren(...results.map(({ text }) => new Option("", text)));
    }, 120);
  }

  key(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.leave(false);
    }
  }

  // Close it; what was typed goes only if that is what is wanted.
  leave(asked) {
    if (this.isDirty && !(asked ? window.confirm("Drop what you typed?") : this.wasAsked)) {
      this.wasAsked = !asked;
      if (!asked) this.say("Press Escape once more to drop what you typed.");
      return false;
    }
    this.close();
    this.left();
    return true;
  }

  close() {
    this.place.hidden = true;
    this.isDirty = this.wasAsked = false;
    sessionStorage.removeItem(this.storage);
  }

  async send() {
    if (this.isSending) return;
    this.isSending = true;
    const { form } = this, data = new FormData(form);
    data.delete("csrfmiddlewaretoken"); // it may be from before signing in again; the cookie's is not
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, headers: headers() });
      if (answer.status === 422) this.refused(await answer.text());
      else if (answer.status === 401 || answer.redirected) this.complain(SIGNED_OUT);
      else if (answer.ok) {
        const html = await answer.text();
        this.blank = this.blank ?? (await this.fetched(this.address));
        this.close();
        this.saved(html);
      } else this.complain(`The server did not take it (${answer.status}). ${NOTHING_LOST}`);
    } catch {
      this.complain(`The server can't be reached. ${NOTHING_LOST}`);
    } finally {
      this.isSending = false;
    }
  }

  refused(html) {
    this.show(html);
    this.isDirty = true;
    this.keep();
    this.place.querySelector(".errornote")?.focus();
  }

  complain(words) {
    this.place.querySelector(".errornote")?.remove();
    const note = document.createElement("div");
    note.className = "errornote";
    note.setAttribute("role", "alert");
    note.tabIndex = -1;
    note.append(words);
    if (words === SIGNED_OUT) {
      const link = document.createElement("a");
      Object.assign(link, { href: this.address, target: "_blank", textContent: "Sign in in another tab" });
      note.append(" ", link, ", then press Save here again.");
    }
    this.form.querySelector("h2").after(note);
    note.focus();
  }

  async fetched(address) {
    const answer = await fetch(address, { headers: headers() }).catch(() => null);
    if (answer?.ok && !answer.redirected) return answer.text();
    this.say(answer?.redirected ? SIGNED_OUT : "The server can't be reached at the moment.");
    return null;
  }

  // What is typed outlives a page that is loaded anew.
  keep() {
    try {
      const values = [...new FormData(this.form)].filter(([name]) => name !== "csrfmiddlewaretoken");
      sessionStorage.setItem(this.storage, JSON.stringify({ action: this.form.action, values }));
    } catch { /* the browser keeps nothing */ }
  }

  async restore() {
    let kept = null;
    try {
      kept = JSON.parse(sessionStorage.getItem(this.storage));
    } catch { /* nothing that can be read */ }
    if (!kept || this.isOpen) return;
    const html = await this.fetched(kept.action);
    if (html === null) return;
    this.show(html);
    const sent = new Map(), { elements } = this.form;
    for (const [name, value] of kept.values) sent.set(name, [...(sent.get(name) ?? []), value]);
    while (Number(elements["passages-TOTAL_FORMS"].value) < Number(sent.get("passages-TOTAL_FORMS")?.[0] ?? 0)) {
      const total = elements["passages-TOTAL_FORMS"], made = this.place.querySelector("#empty-line").innerHTML;
      this.place.querySelector("#passage-lines").insertAdjacentHTML("beforeend", made.replaceAll("__prefix__", total.value));
      total.value = Number(total.value) + 1;
    }
    for (const element of elements) {
      if (!element.name || element.name === "csrfmiddlewaretoken" || element.type === "submit") continue;
      const values = sent.get(element.name) ?? [];
      if (element.type === "checkbox" || element.type === "radio") element.checked = values.includes(element.value);
      else if (values.length) element.value = values[0];
    }
    this.isDirty = true;
    this.say("What you had typed is back.");
  }
}

const NOTHING_LOST = "Nothing that you typed is lost: press Save again in a moment.";
const SIGNED_OUT = "You were signed out. Nothing that you typed is lost.";

// What stands between the commas of a line; a name with a comma stands in quotation marks.
function terms(line) {
  return (line.match(/"[^"]*"|[^,]+/g) ?? []).map((name) => name.trim()).filter(Boolean);
}

function headers() {
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]*)/)?.[1] ?? "";
  return { "X-Requested-With": "coding", "X-CSRFToken": token };
}
