// The fields that autocompletes search with have no name of their own; each takes that of the field it belongs to.
"use strict";

{
  const name = () => {
    for (const field of document.querySelectorAll(".select2-search__field:not([aria-label])")) {
      const select = field.closest(".select2-container")?.previousElementSibling;
      const label = select?.getAttribute("aria-label") ?? select?.labels?.[0]?.textContent.trim().replace(/:$/, "");
      if (label) field.setAttribute("aria-label", label);
    }
  };
  name();
  new MutationObserver(name).observe(document.body, { childList: true, subtree: true }); // they are made later, and anew
}
