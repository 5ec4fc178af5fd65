// A picture of a network, nearer and farther, moved about, and one node at a time. Without this file it stands as it is.
for (const picture of document.querySelectorAll("svg[data-network]")) {
  const whole = picture.viewBox.baseVal;
  const full = { x: whole.x, y: whole.y, width: whole.width, height: whole.height };
  let seen = { ...full };

  const frame = picture.parentElement; // on a phone narrower than the picture
  frame.scrollLeft = (frame.scrollWidth - frame.clientWidth) / 2;

  const show = () => {
    picture.setAttribute("viewBox", `${seen.x} ${seen.y} ${seen.width} ${seen.height}`);
    picture.classList.toggle("near", seen.width < full.width / 2);
    picture.classList.toggle("closer", seen.width < full.width);
  };

  // Around a point, given as shares of what is seen; never farther than the whole.
  const zoom = (factor, x = 0.5, y = 0.5) => {
    const width = Math.min(full.width, Math.max(full.width / 12, seen.width * factor));
    const height = (width / full.width) * full.height;
    move(seen.x + (seen.width - width) * x, seen.y + (seen.height - height) * y, width, height);
  };
  const move = (x, y, width = seen.width, height = seen.height) => {
    seen = {
      width,
      height,
      x: Math.min(Math.max(x, full.x), full.x + full.width - width),
      y: Math.min(Math.max(y, full.y), full.y + full.height - height),
    };
    show();
  };

  const share = (event) => {
    const box = picture.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  };
  picture.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return; // else the page could not be scrolled past the picture
    event.preventDefault();
    zoom(event.deltaY < 0 ? 0.8 : 1.25, ...share(event));
  }, { passive: false });

  let held = null;
  picture.addEventListener("pointerdown", (event) => {
    if (seen.width >= full.width) return;
    held = { x: event.clientX, y: event.clientY, from: { ...seen } };
    picture.setPointerCapture(event.pointerId);
  });
  picture.addEventListener("pointermove", (event) => {
    if (!held) return;
    const scale = seen.width / picture.getBoundingClientRect().width;
    move(held.from.x - (event.clientX - held.x) * scale, held.from.y - (event.clientY - held.y) * scale);
  });
  for (const end of ["pointerup", "pointercancel"]) picture.addEventListener(end, () => { held = null; });

  // Who is pointed at stands out, with all that it is tied to.
  const ties = [...picture.querySelectorAll("[data-ends]")].map((line) => [line, line.dataset.ends.split(" ")]);
  const nodes = new Map([...picture.querySelectorAll("[data-node]")].map((node) => [node.dataset.node, node]));
  const light = (key) => {
    for (const lit of picture.querySelectorAll(".lit")) lit.classList.remove("lit");
    picture.classList.toggle("pointing", key !== undefined);
    if (key === undefined) return;
    nodes.get(key).classList.add("lit");
    for (const [line, ends] of ties) {
      if (!ends.includes(key)) continue;
      line.classList.add("lit");
      for (const end of ends) nodes.get(end)?.classList.add("lit");
    }
  };
  picture.addEventListener("pointerover", (event) => light(event.target.closest("[data-node]")?.dataset.node));
  picture.addEventListener("pointerleave", () => light(undefined));

  const tools = document.createElement("div");
  tools.className = "network-tools";
  const actions = [["+", "Nearer", () => zoom(0.7)], ["−", "Farther", () => zoom(1.4)], ["⤢", "The whole", () => zoom(100)]];
  for (const [sign, label, act] of actions) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = sign;
    button.title = label;
    button.setAttribute("aria-label", label);
    button.addEventListener("click", act);
    tools.append(button);
  }
  frame.after(tools);

  // By keyboard, while one of the buttons has the focus.
  tools.addEventListener("keydown", (event) => {
    const [x, y] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] || [];
    if (x === undefined) return;
    event.preventDefault();
    move(seen.x + (x * seen.width) / 6, seen.y + (y * seen.height) / 6);
  });
}
