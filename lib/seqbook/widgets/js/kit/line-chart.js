// Values over steps 1 … T on a logarithmic axis around 1: above it "exploding", below it "vanishing".
import { setAttributes, svg, whenChanged } from "./dom.js";
import { powerOfTen } from "./format.js";
import { svgMath } from "./math.js";
import { decadeTicks, linear, stepTicks, symmetricLog } from "./scale.js";

const MARGIN = { left: 44, right: 12, top: 8, bottom: 34 };

export function linePath(values, across, up) {
  return values.reduce(
    (path, value, i) => `${path}${i ? "L" : "M"}${across(i + 1).toFixed(1)} ${up(value).toFixed(1)}`, "");
}

// A dot at every value: segments of no length, drawn with round caps.
export function dotPath(values, across, up) {
  return values.reduce((path, value, i) => `${path}M${across(i + 1).toFixed(1)} ${up(value).toFixed(1)}h0`, "");
}

// `labels` = { axis, above, below, direction }; onStep(step) is called as the pointer moves over the chart.
export function lineChart({ labels, onStep }) {
  const back = svg("g");
  const line = svg("path");
  const others = svg("g");
  const dots = svg("path");
  const cursor = svg("line", { class: "sb-guide" });
  const mark = svg("circle", { class: "sb-mark", r: 5 });
  const drawing = svg("svg", { role: "img", class: "sb-chart" }, back, cursor, others, line, dots, mark);
  let across = linear([1, 2], [0, 1]);
  let last = 1;
  const point = (event) => {
    const step = Math.round(across.invert(event.clientX - drawing.getBoundingClientRect().left));
    onStep(Math.min(last, Math.max(1, step)));
  };
  drawing.addEventListener("pointermove", point);
  drawing.addEventListener("pointerdown", point);

  const drawBack = whenChanged((T, decades, width, height) => {
    const [right, bottom] = [width - MARGIN.right, height - MARGIN.bottom];
    const up = symmetricLog(decades, [bottom, MARGIN.top]);
    const one = up(1);
    const band = (kind, y, tall) =>
      svg("rect", { class: kind, x: MARGIN.left, y, width: right - MARGIN.left, height: tall });
    setAttributes(drawing, { width, height, viewBox: `0 0 ${width} ${height}` });
    back.replaceChildren(
      band("sb-band-above", MARGIN.top, one - MARGIN.top),
      band("sb-band-below", one, bottom - one),
      svg("text", { x: right - 7, y: MARGIN.top + 17, class: "sb-end sb-above-name" }, labels.above),
      svg("text", { x: right - 7, y: bottom - 8, class: "sb-end sb-below-name" }, labels.below),
      ...decadeTicks(decades).flatMap((exponent) => {
        const y = up(10 ** exponent);
        return [
          svg("line", { class: exponent ? "sb-rule" : "sb-rule sb-one", x1: MARGIN.left, x2: right, y1: y, y2: y }),
          svgMath({ x: MARGIN.left - 6, y: y + 4, class: "sb-tick sb-end" }, exponent ? powerOfTen(exponent) : "1"),
        ];
      }),
      ...stepTicks(T).map((tick) =>
        svg("text", { x: across(tick), y: bottom + 15, class: "sb-tick sb-middle" }, String(tick)),
      ),
      svgMath({ x: right, y: bottom + 31, class: "sb-axis sb-end" }, labels.axis, true),
      svg("text", { x: MARGIN.left, y: bottom + 31, class: "sb-axis" }, labels.direction),
    );
  });

  // `values` are drawn as series `kind`, with dots and a mark at `step`; `others`, [kind, values] pairs, as lines.
  function draw({ kind, values, others: pairs, decades, width, height, step, name }) {
    const [right, bottom] = [width - MARGIN.right, height - MARGIN.bottom];
    last = values.length;
    across = linear([1, Math.max(2, last)], [MARGIN.left + 8, right - 8]);
    const up = symmetricLog(decades, [bottom, MARGIN.top]);
    drawBack(last, decades, width, height);
    drawing.setAttribute("aria-label", name);
    others.replaceChildren(...pairs.map(([other, each]) =>
      svg("path", { class: `sb-series sb-series-${other}`, d: linePath(each, across, up) })));
    setAttributes(line, { class: `sb-series sb-chosen sb-series-${kind}`, d: linePath(values, across, up) });
    setAttributes(dots, {
      class: `sb-dots sb-series-${kind}`, d: dotPath(values, across, up), "stroke-width": last > 30 ? 3.2 : 5.2,
    });
    setAttributes(mark, { cx: across(step), cy: up(values[step - 1]) });
    setAttributes(cursor, { x1: across(step), x2: across(step), y1: MARGIN.top, y2: bottom });
  }
  return { element: drawing, draw };
}
