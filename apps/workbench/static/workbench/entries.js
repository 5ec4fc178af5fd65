// Offers entries as somebody types the title of one; without it, the server offers them when the form is sent.
"use strict";

const OF_WHAT = { app_label: "curation", model_name: "crossreference", field_name: "target" };
let asked = 0;

document.addEventListener("input", async ({ target: input }) => {
  if (!input.matches("input[data-entries]")) return;
  const term = input.value.trim(), turn = ++asked;
  if (term.length < 3) return;
  await new Promise((done) => setTimeout(done, 200)); // until the typing pauses
  if (turn !== asked) return;
  const answer = await fetch(`${input.list.dataset.address}?${new URLSearchParams({ ...OF_WHAT, term })}`);
  if (turn !== asked || !answer.ok || !answer.headers.get("Content-Type")?.includes("json")) return;
  const { results } = await answer.json();
  input.list.replaceChildren(...results.map(({ text }) => new Option("", text)));
});
