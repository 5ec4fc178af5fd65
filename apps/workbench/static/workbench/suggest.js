// Offers rows as somebody types the name of one; without it, the server offers them when the form is sent.
"use strict";

let asked = 0;

document.addEventListener("input", async ({ target: input }) => {
  if (!input.matches("input[data-suggest]")) return;
  const term = input.value.trim(), turn = ++asked;
  if (term.length < 3) return;
  await new Promise((done) => setTimeout(done, 200)); // until the typing pauses
  if (turn !== asked) return;
  const answer = await fetch(`${input.list.dataset.from}&${new URLSearchParams({ term })}`);
  if (turn !== asked || !answer.ok || !answer.headers.get("Content-Type")?.includes("json")) return;
  const { results } = await answer.json();
  input.list.replaceChildren(...results.map(({ text }) => new Option("", text)));
});
