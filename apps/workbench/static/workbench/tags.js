// Suggests for the last name of a line; a datalist alone would suggest for the line as a whole.
"use strict";

const known = new WeakMap(); // the names that may stand in a line, as its list held them at first
document.addEventListener("input", ({ target: input }) => {
  if (!input.matches("input[list='known-tags'], input[data-line]")) return;
  if (!known.has(input)) known.set(input, [...input.list.options].map((option) => option.value));
  const before = input.value.slice(0, input.value.lastIndexOf(",") + 1);
  const taken = new Set(before.split(",").map((name) => name.trim().toLowerCase()));
  input.list.replaceChildren(
    ...known
      .get(input)
      .filter((name) => !taken.has(name.toLowerCase()))
      .map((name) => new Option("", `${before}${before && " "}${name}`)),
  );
});
