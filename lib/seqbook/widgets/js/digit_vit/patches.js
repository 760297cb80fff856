// The image as its 16 patches: moved by dragging or by keyboard, erased, and chosen as the token that is asked.
import { html, setAttributes, setText } from "../kit/dom.js";
import { ACROSS, INK, PLACES, pixelsAt } from "./network.js";
import { neighbour, rowAndColumn, shuffledOrder } from "./places.js";

// `exchange(one, other)`, `erase(place)`, `ask(place)`, `reorder(order or null)` change the model.
export function patches({ label, exchange, erase, ask, reorder }) {
  let held = 5; // the place that keyboard and buttons are about
  let lifted = null; // the place whose patch the keyboard has taken up
  let dragged = null; // { from, over } while the pointer is down
  let scene = null;

  const cells = Array.from({ length: PLACES }, (_, place) => {
    const pixels = pixelsAt(place).map(() => html("i"));
    const name = html("span", { class: "sb-came" });
    const attributes = { role: "gridcell", tabindex: place === held ? 0 : -1, "data-place": place };
    const made = html("div", { class: "sb-patch", ...attributes }, ...pixels, name);
    made.addEventListener("focus", () => hold(place));
    return { element: made, pixels, name };
  });
  const rows = Array.from({ length: ACROSS }, (_, r) => html("div", { class: "sb-patches-row", role: "row" },
    ...cells.slice(r * ACROSS, (r + 1) * ACROSS).map(({ element }) => element)));
  const grid = html("div", { class: "sb-patches", role: "grid", "aria-label": label("patchesName") }, ...rows);

  const button = (attributes, press, text = "") => {
    const made = html("button", { type: "button", class: "sb-button", ...attributes }, text);
    made.addEventListener("click", press);
    return made;
  };
  const eraser = button({ class: "sb-button sb-erase" }, () => erase(held));
  const mix = () => reorder(shuffledOrder(Math.random));
  const shuffle = button({ class: "sb-button sb-shuffle" }, mix, label("shuffle"));
  const back = button({ class: "sb-button sb-back" }, () => reorder(null), label("putBack"));
  const spoken = html("p", { class: "sb-quiet sb-lifted", role: "status" });
  const tools = html("div", { class: "sb-tools" }, eraser, shuffle, back);

  function hold(place) {
    cells[held].element.tabIndex = -1;
    held = place;
    cells[held].element.tabIndex = 0;
    show();
  }
  const placeUnder = ({ clientX, clientY }) => {
    const box = grid.getBoundingClientRect();
    const at = (where, from, size) => Math.floor(((where - from) / size) * ACROSS);
    const [r, c] = [at(clientY, box.top, box.height), at(clientX, box.left, box.width)];
    return [r, c].every((each) => each >= 0 && each < ACROSS) ? r * ACROSS + c : null;
  };
  grid.addEventListener("pointerdown", (event) => {
    const cell = event.target.closest("[data-place]");
    if (!cell || event.button !== 0) return;
    event.preventDefault();
    dragged = { from: Number(cell.dataset.place), over: Number(cell.dataset.place) };
    lifted = null;
    grid.setPointerCapture(event.pointerId);
    cell.focus({ preventScroll: true });
    show();
  });
  grid.addEventListener("pointermove", (event) => {
    if (!dragged) return;
    dragged.over = placeUnder(event);
    show();
  });
  grid.addEventListener("pointerup", () => {
    if (!dragged) return;
    const { from, over } = dragged;
    dragged = null;
    if (over === from) ask(from);
    else if (over !== null) {
      exchange(from, over);
      cells[over].element.focus({ preventScroll: true });
    }
    show();
  });
  for (const ending of ["pointercancel", "lostpointercapture"]) {
    grid.addEventListener(ending, () => {
      dragged = null;
      show();
    });
  }
  grid.addEventListener("keydown", (event) => {
    const next = neighbour(event.key, held);
    if (next !== null) cells[next].element.focus();
    else if (event.key === " ") {
      if (lifted !== null && lifted !== held) exchange(lifted, held);
      lifted = lifted === null ? held : null;
    } else if (event.key === "Enter") ask(held);
    else if (event.key === "Delete" || event.key === "Backspace") erase(held);
    else if (event.key === "Escape" && lifted !== null) lifted = null;
    else return;
    event.preventDefault();
    show();
  });

  // What hangs on hands alone: the place held, the one lifted or dragged.
  function show() {
    if (!scene) return;
    const up = dragged?.from ?? lifted;
    cells.forEach(({ element }, place) => {
      const marks = { held: place === held, lifted: place === up, over: place !== up && place === dragged?.over };
      for (const [mark, on] of Object.entries(marks)) element.classList.toggle(`sb-${mark}`, on);
    });
    setText(eraser, label(scene.erased.includes(held) ? "restore" : "erase", rowAndColumn(held)));
    setText(spoken, lifted === null ? label("patchesHelp") : label("lifted", rowAndColumn(lifted)));
  }

  // `scene` is the study's with order, erased, erasing and query.
  function draw(next) {
    scene = next;
    const { grey, order, erased, erasing, query, most } = scene;
    cells.forEach(({ element, pixels, name }, place) => {
      const isErased = erased.includes(place);
      pixelsAt(place).forEach((at, n) => (pixels[n].style.opacity = (grey[at] / INK).toFixed(3)));
      element.classList.toggle("sb-erased", isErased);
      element.classList.toggle("sb-gone", isErased && erasing === "gone");
      element.classList.toggle("sb-asked", place === query - 1);
      element.classList.toggle("sb-away", order[place] !== place);
      setText(name, order[place] === place ? "" : String(order[place] + 1));
      const values = pixelsAt(place).map((at) => Math.round(grey[at])).join(" ");
      const said = [label("patchName", { ...rowAndColumn(place), values })];
      if (order[place] !== place) said.push(label("cameFrom", rowAndColumn(order[place])));
      if (isErased) said.push(label("isErased"));
      setAttributes(element, { "aria-label": said.join(", "), "aria-selected": String(place === query - 1) });
    });
    setAttributes(eraser, { disabled: erased.length >= most && !erased.includes(held) });
    setAttributes(back, { disabled: !erased.length && order.every((from, place) => from === place) });
    show();
  }
  return { element: grid, tools, spoken, draw };
}
