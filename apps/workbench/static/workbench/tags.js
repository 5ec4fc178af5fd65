// Suggests for the last tag of a line; a datalist alone would suggest for the line as a whole.
"use strict";

for (const input of document.querySelectorAll("input[list='known-tags']")) {
  const known = [...input.list.options].map((option) => option.value);
  input.addEventListener("input", () => {
    const before = input.value.slice(0, input.value.lastIndexOf(",") + 1);
    const taken = new Set(before.split(",").map((tag) => tag.trim().toLowerCase()));
    input.list.replaceChildren(
      ...known
        .filter((tag) => !taken.has(tag.toLowerCase()))
        .map((tag) => new Option("", `${before}${before && " "}${tag}`)),
    );
  });
}
