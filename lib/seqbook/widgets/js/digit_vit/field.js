// The drawing field: a pen for mouse, finger and keyboard, and the examples beside it.
import { html, setAttributes, setText } from "../kit/dom.js";
import { clamp } from "../kit/scale.js";
import { FIELD, blank, pixelsOf, rowsOf, stroked } from "./drawing.js";
import { greyPicture, inkPicture } from "./picture.js";

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// The drawing that a stroke goes on from: what there is, or a new one where a picture of pixels stands.
export const begun = (image) => (typeof image !== "number" && typeof image[0] === "string" ? pixelsOf(image) : blank());

// `get()` is the knob `image`, `set(image)` sets it.
export function field({ label, get, set, examples, labels }) {
  const ink = inkPicture();
  const pen = html("i", { class: "sb-pen" });
  const hint = html("span", { class: "sb-hint" }, label("drawHere"));
  const pad = html("div", {
    class: "sb-pad", role: "application", tabindex: 0, "aria-label": label("field"), "data-trait": "image",
  }, ink.element, pen, hint);
  const button = (text, attributes, press) => {
    const made = html("button", { type: "button", class: "sb-button", ...attributes }, text);
    made.addEventListener("click", press);
    return made;
  };
  const rubber = button(label("rubber"), { "aria-pressed": "false" }, () => {
    rubs = !rubs;
    setAttributes(rubber, { "aria-pressed": String(rubs) });
  });
  const clear = button(label("clear"), { class: "sb-button sb-clear" }, () => set(rowsOf(blank())));
  const picks = examples.map((grey, n) => {
    const name = label("example", { n: n + 1, digit: labels[n] });
    const made = button("", { class: "sb-pick", "data-example": n, "aria-label": name }, () => set(n));
    made.append(greyPicture(grey));
    return made;
  });
  const gallery = html("div", { class: "sb-gallery", role: "group", "aria-label": label("examples") }, ...picks);
  const element = html("div", { class: "sb-part" },
    html("p", { class: "sb-heading" }, label("drawing")),
    html("div", { class: "sb-pair" }, pad, gallery),
    html("div", { class: "sb-tools" }, clear, rubber));

  let rubs = false;
  let stroke = null; // while the pointer is down: its last place
  let [place, isDown] = [[16, 6], false]; // of the keyboard's pen

  const placeOf = ({ clientX, clientY }) => {
    const box = pad.getBoundingClientRect();
    return [((clientX - box.left) / box.width) * FIELD, ((clientY - box.top) / box.height) * FIELD];
  };
  const draw_ = (from, to) => set(rowsOf(stroked(begun(get()), from, to, rubs ? 0 : 1)));
  pad.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    pad.setPointerCapture(event.pointerId);
    pad.focus({ preventScroll: true });
    stroke = placeOf(event);
    draw_(stroke, stroke);
  });
  pad.addEventListener("pointermove", (event) => {
    if (!stroke) return;
    const all = event.getCoalescedEvents?.() ?? [];
    let drawing = begun(get());
    for (const each of all.length ? all : [event]) {
      const next = placeOf(each);
      drawing = stroked(drawing, stroke, next, rubs ? 0 : 1);
      stroke = next;
    }
    set(rowsOf(drawing));
  });
  for (const ending of ["pointerup", "pointercancel", "lostpointercapture"]) {
    pad.addEventListener(ending, () => {
      stroke = null;
    });
  }
  const showPen = () => {
    pen.style.left = `${(100 * place[0]) / FIELD}%`;
    pen.style.top = `${(100 * place[1]) / FIELD}%`;
    pen.classList.toggle("sb-down", isDown);
  };
  pad.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (step) {
      const size = event.shiftKey ? 4 : 1;
      const next = place.map((each, n) => clamp(each + size * step[n], 0, FIELD));
      if (isDown) draw_(place, next);
      place = next;
    } else if (event.key === " " || event.key === "Enter") {
      isDown = !isDown;
      if (isDown) draw_(place, place);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      set(rowsOf(blank()));
    } else {
      return;
    }
    event.preventDefault();
    showPen();
  });
  pad.addEventListener("blur", () => {
    isDown = false;
    showPen();
  });
  showPen();

  function draw(image) {
    const isDrawing = typeof image !== "number" && typeof image[0] === "string";
    ink.draw(isDrawing ? image : null);
    hint.hidden = isDrawing && image.some((row) => row.includes("1"));
    picks.forEach((each, n) => setAttributes(each, { "aria-pressed": String(image === n) }));
    setText(clear, label("clear"));
  }
  return { element, draw };
}
