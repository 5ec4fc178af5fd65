// Candidates from notes by keyboard: j and k to move, a to accept, e to edit, d to drop, u to undo the last.
// Without this script, every row has its buttons. Every key is a press of one of them.
"use strict";

const list = document.querySelector(".candidates");
const said = document.querySelector("#said");
const keys = document.querySelector(".keys");
const switched = keys?.querySelector("input");
const STORED = "candidates-keys";
const decided = []; // rows decided on this page, the last one last
let current = null;
let busy = false;

const rows = () => [...document.querySelectorAll(".candidate")];
const isWaiting = (row) => row.dataset.status === "waiting";

function go(row) {
  if (!row) return;
  current?.classList.remove("current");
  document.querySelectorAll(".source-text .current").forEach((one) => one.classList.remove("current"));
  current = row;
  row.classList.add("current");
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  const place = document.getElementById(row.id.replace("c-", "t-"));
  place?.classList.add("current");
  const box = place?.closest(".prose");
  if (box) box.scrollTop = place.offsetTop - box.offsetTop - box.clientHeight / 3;
}

function step(direction) {
  const all = rows();
  const from = current ? all.indexOf(current) : direction > 0 ? -1 : all.length;
  go(all[from + direction] ?? current ?? all[0]);
}

function nextWaiting(row) {
  const all = rows();
  const at = all.indexOf(row);
  return [...all.slice(at + 1), ...all.slice(0, at).reverse()].find(isWaiting);
}

function count(response) {
  for (const [name, number] of Object.entries(JSON.parse(response.headers.get("X-Counts") ?? "{}"))) {
    document.querySelector(`[data-count=${name}]`).textContent = number;
  }
}

async function send(row, action) {
  const form = row.querySelector("form");
  const button = form?.querySelector(`[name=action][value=${action}]`);
  if (busy) said.textContent = "One moment: the last is still being saved.";
  if (!button || busy) return;
  busy = true;
  try {
    const body = new FormData(form, button);
    // form.action would be the button of that name.
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { "X-Requested-With": "fetch" }, redirect: "error" });
    if (!answer.ok) {
      form.requestSubmit(button); // signed out, or not to be accepted as it is: the page that answers says what to do
      return;
    }
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    const fresh = holder.content.querySelector(".candidate");
    const was = row.dataset.status;
    row.replaceWith(fresh);
    current = null;
    count(answer);
    const title = fresh.querySelector("h3").textContent.trim();
    if (fresh.dataset.status === was) {
      said.textContent = fresh.querySelector(".remark")?.textContent ?? `Nothing changed: ${title}`;
      go(fresh);
    } else if (isWaiting(fresh)) {
      said.textContent = `It waits again: ${title}`;
      go(fresh);
    } else {
      decided.push(fresh.id);
      said.textContent = title;
      go(nextWaiting(fresh) ?? fresh);
      if (!rows().some(isWaiting)) said.textContent += ". That was the last on this page.";
    }
  } catch {
    said.textContent = "The server can't be reached. Nothing is lost: what you have decided is kept. Try again in a moment.";
  } finally {
    busy = false;
  }
}

function undo() {
  const row = document.getElementById(decided.pop());
  if (row) send(row, "undo");
  else document.querySelector("#undo-last").requestSubmit();
}

const ACTIONS = {
  j: () => step(1),
  k: () => step(-1),
  a: () => current && isWaiting(current) && send(current, "accept"),
  d: () => current && isWaiting(current) && send(current, "drop"),
  e: () => current?.querySelector("[data-edit]")?.click(),
  u: undo,
};

if (list) {
  keys.hidden = false;
  switched.checked = localStorage.getItem(STORED) !== "off";
  switched.addEventListener("change", () => localStorage.setItem(STORED, switched.checked ? "on" : "off"));

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
    if (!switched.checked || typing || event.ctrlKey || event.metaKey || event.altKey || !(event.key in ACTIONS)) return;
    event.preventDefault();
    if (!event.repeat || "jk".includes(event.key)) ACTIONS[event.key]();
  });
  list.addEventListener("submit", (event) => {
    const action = event.submitter?.value;
    if (busy || !["accept", "drop", "undo"].includes(action)) return;
    event.preventDefault();
    send(event.submitter.closest(".candidate"), action);
  });
  list.addEventListener("focusin", (event) => {
    const row = event.target.closest(".candidate");
    if (row && row !== current) {
      current?.classList.remove("current");
      current = row;
      row.classList.add("current");
    }
  });
  if (/^#c-\d+$/.test(location.hash)) go(document.querySelector(location.hash));
}
