// The dot product over distance: the first position's with every other, and the range of any two that far apart.
import { setAttributes, svg, whenChanged } from "../kit/dom.js";
import { fixed } from "../kit/format.js";
import { clamp, linear } from "../kit/scale.js";
import { TRAINED } from "./codes.js";
import { bandPath, brokenPath, CHART, LEFT, rangeOf, roundTicks } from "./layout.js";

// `choose(distance)` is called as the pointer is pressed or dragged over a distance.
export function chart({ label, choose }) {
  const back = svg("g");
  const band = svg("path", { class: "sb-range" });
  const curve = svg("path", { class: "sb-curve" });
  const guide = svg("line", { class: "sb-here" });
  const mark = svg("circle", { class: "sb-dot", r: 5.5 });
  const element = svg("svg", { class: "sb-chart", role: "img" }, back, band, curve, guide, mark);
  let across = linear([0, 1], [0, 1]);
  let held = false;
  let last = 1;

  const chosen = (event) => {
    const distance = Math.round(across.invert(event.clientX - element.getBoundingClientRect().left));
    choose(clamp(distance, -last, last));
  };
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    held = true;
    element.setPointerCapture(event.pointerId);
    chosen(event);
  });
  element.addEventListener("pointermove", (event) => held && chosen(event));
  for (const ending of ["pointerup", "pointercancel", "lostpointercapture"]) {
    element.addEventListener(ending, () => {
      held = false;
    });
  }

  const restructure = whenChanged((reach, low, high, width) => {
    const { top, bottom, height } = CHART;
    const right = width - 14;
    const up = linear([low, high], [bottom, top]);
    setAttributes(element, { width, height, viewBox: `0 0 ${width} ${height}` });
    const ticks = roundTicks(low, high);
    const digits = Math.max(0, Math.ceil(-Math.log10(ticks[1] - ticks[0]) - 1e-9));
    const text = (content, x, y, kind) => svg("text", { x, y, class: kind }, content);
    const beyond = (from, to) => {
      const [start, end] = [across(from), across(to)];
      return svg("rect", { class: "sb-beyond", x: start, y: top, width: end - start, height: bottom - top });
    };
    const distances = [-reach, -Math.round(reach / 2), 0, Math.round(reach / 2), reach];
    back.replaceChildren(
      ...(reach < TRAINED ? [] : [beyond(-reach, -TRAINED + 0.5), beyond(TRAINED - 0.5, reach)]),
      ...ticks.flatMap((value) => [
        svg("line", { class: `sb-rule${value ? "" : " sb-zero"}`, x1: LEFT, x2: right, y1: up(value), y2: up(value) }),
        text(fixed(value, digits), LEFT - 5, up(value) + 4, "sb-tick sb-end"),
      ]),
      ...distances.map((each) => text(fixed(each, 0), across(each), bottom + 15, "sb-tick sb-middle")),
      text(label("distance"), (LEFT + right) / 2, bottom + 31, "sb-axis sb-middle"),
    );
  });

  // `scene` is the study's, with `width` in pixels.
  function draw(scene) {
    const { least, most, dots, dot, places, width } = scene;
    last = scene.last;
    across = linear([-last, last], [LEFT + 4, width - 18]);
    const [low, high] = rangeOf(least, most);
    restructure(last, low, high, width);
    const up = linear([low, high], [CHART.bottom, CHART.top]);
    setAttributes(band, { d: bandPath(least, most, (n) => across(n - last), up) || null });
    setAttributes(curve, { d: brokenPath(dots, (s) => across(s - places[0]), up) || null });
    const x = across(places[1] - places[0]);
    setAttributes(guide, { x1: x, x2: x, y1: CHART.top, y2: CHART.bottom });
    const there = !Number.isNaN(dot);
    setAttributes(mark, { cx: x, cy: there ? up(dot) : null, visibility: there ? null : "hidden" });
    setAttributes(element, { "aria-label": label("chart") });
  }
  return { element, draw };
}
