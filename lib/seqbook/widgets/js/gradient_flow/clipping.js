// Clipping: its switch and threshold, and the gradient's norm before and after, as bars and in words.
import { html, setAttributes, svg } from "../kit/dom.js";
import { significant } from "../kit/format.js";
import { knobs } from "../kit/knobs.js";
import { svgMath } from "../kit/math.js";
import { assign } from "../kit/model.js";
import { decadesFor, symmetricLog } from "../kit/scale.js";
import { spoken } from "../kit/words.js";
import { clipped, describeClipping } from "./describe.js";

const [LEFT, RIGHT] = [70, 70]; // room for the bars' names and numbers
const HEIGHT = 50;

export function clipping({ model, label }) {
  const knob = knobs(model, label);
  const { min, max } = model.get("limits").clip;
  const on = knob.checkbox("clip", { onInput: (checked) => assign(model, { clip: checked ? 1 : null }) });
  const threshold = knob.slider("clip", {
    entry: "threshold",
    label: label("threshold"),
    format: significant,
    toPosition: Math.log10,
    toValue: (position) => 10 ** position,
  });
  const bars = svg("svg", { role: "img", "aria-label": label("barName") });
  const box = html("div", {}, bars);
  const words = spoken(html("p", { "aria-live": "polite" }));
  const element = html(
    "div",
    { class: "sb-stack sb-near" },
    html("div", { class: "sb-grid sb-pair" }, on.element, threshold.element),
    box,
    words.element,
  );
  let width = 600;
  const measure = () => {
    width = element.clientWidth;
  };

  function draw(norm) {
    const limit = model.get("clip");
    on.show(limit !== null);
    threshold.element.hidden = box.hidden = limit === null;
    words.say(describeClipping(norm, limit, label));
    if (limit === null) return;
    threshold.show(limit);
    drawBars(norm, limit);
  }

  // On a logarithmic axis, with the threshold across them.
  function drawBars(norm, limit) {
    const right = Math.max(LEFT + 60, width - RIGHT);
    const place = symmetricLog(decadesFor([norm, min, max]), [LEFT, right]);
    const bar = (y, value, name, kind) => [
      svg("text", { x: LEFT - 6, y: y + 12, class: "sb-tick sb-end" }, name),
      svg("rect", { class: kind, x: LEFT, y, width: Math.max(2, place(value) - LEFT), height: 15, rx: 3 }),
      svgMath({ x: right + 7, y: y + 12, class: "sb-tick" }, significant(value)), // clear of the threshold's line
    ];
    setAttributes(bars, { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}` });
    bars.replaceChildren(
      ...bar(5, norm, label("before"), "sb-before"),
      ...bar(29, clipped(norm, limit)[0], label("after"), "sb-after"),
      svg("line", { class: "sb-threshold", x1: place(limit), x2: place(limit), y1: 0, y2: HEIGHT }),
    );
  }
  return { element, measure, draw };
}
