// The two pictures: ‖∂L/∂s(t)‖ as a line, for one model or all, and ‖∂s(t)/∂s(k)‖ as a matrix.
import { divergingGradient } from "../kit/colours.js";
import { html, svg } from "../kit/dom.js";
import { powerOfTen, significant } from "../kit/format.js";
import { heatmap } from "../kit/heatmap.js";
import { lineChart } from "../kit/line-chart.js";
import { math } from "../kit/math.js";
import { clamp } from "../kit/scale.js";
import { spoken } from "../kit/words.js";
import { describeModels } from "./describe.js";
import { NAMES } from "./flow.js";

const CHART_HEIGHT = 300;
const WIDEST_MATRIX = 340;

// onStep(k) and onPair([k, t]) are called with what the reader points at.
export function plots({ label, onStep, onPair }) {
  const chart = lineChart({
    labels: {
      axis: label("chartAxis"), above: label("exploding"), below: label("vanishing"), direction: label("backwards"),
    },
    onStep,
  });
  const matrix = heatmap({
    labels: { rows: "t", columns: "k", upper: label("upper") },
    onCell: ([row, column]) => {
      if (row >= column) onPair([column, row]);
    },
  });
  const captions = { chart: spoken(html("figcaption")), matrix: spoken(html("figcaption")) };
  const key = modelKey();
  const ends = [spoken(html("span")), spoken(html("span"))];
  const ramp = html("span", { class: "sb-ramp" });
  ramp.style.backgroundImage = divergingGradient();
  const legend = html("div", { class: "sb-legend" }, ends[0].element, ramp, ends[1].element);
  const boxes = [
    html("figure", {}, captions.chart.element, chart.element, key.element),
    html("figure", {}, captions.matrix.element, matrix.element, legend),
  ];
  let widths = [320, 320];
  const measure = () => {
    widths = boxes.map((box) => box.clientWidth);
  };

  // `flow` is what flow.js gives.
  function draw({ name, found, others, s, decades }, T, [k, t]) {
    chart.draw({
      kind: name,
      values: found.dh,
      others,
      decades,
      width: widths[0],
      height: CHART_HEIGHT,
      step: k,
      name: label("chartName", {
        s, first: 1, T, atFirst: significant(found.dh[0]), atLast: significant(found.dh[T - 1]),
      }),
    });
    matrix.draw({
      matrix: found.matrix,
      size: T,
      width: Math.min(widths[1], WIDEST_MATRIX),
      shade: (value) => clamp(Math.log10(value) / decades, -1, 1),
      cell: [t, k],
      name: label("matrixName", { s, near: significant(found.matrix[T]), far: significant(found.matrix[(T - 1) * T]) }),
    });
    ends.forEach((end, n) => end.say(powerOfTen(n ? decades : -decades)));
    captions.chart.say(label("chart", { s }));
    captions.matrix.say(label("matrix", { s }));
    key.element.hidden = others.length === 0;
    key.say(...describeModels({ sizes: { [name]: found.dh, ...Object.fromEntries(others) }, k }, label));
  }
  return { element: html("div", { class: "sb-plots" }, ...boxes), sized: boxes, measure, draw };
}

// The key of the chart's lines: how each model's is drawn, and what `describeModels` says of it.
function modelKey() {
  const stroke = (name) => svg("path", { class: `sb-series sb-series-${name}`, d: "M0 5H34" });
  const entries = NAMES.map((name) => ({ name, ...spoken(html("span")) }));
  const element = html(
    "ul",
    { class: "sb-key" },
    ...entries.map(({ name, element: words }) =>
      html("li", {}, svg("svg", { width: 34, height: 10, "aria-hidden": "true" }, stroke(name)), words)),
  );
  return { element, say: (...texts) => entries.forEach(({ say }, n) => say(texts[n])) };
}
