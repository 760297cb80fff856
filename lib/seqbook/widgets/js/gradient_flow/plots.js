// The pictures: ‖∂L/∂s(t)‖ as a line, for one model or all, ‖∂s(t)/∂s(k)‖ as a matrix, and, of several layers, the map
// of ‖∂L/∂s(l,t)‖.
import { divergingGradient } from "../kit/colours.js";
import { html, svg } from "../kit/dom.js";
import { powerOfTen, significant } from "../kit/format.js";
import { heatmap } from "../kit/heatmap.js";
import { lineChart } from "../kit/line-chart.js";
import { math } from "../kit/math.js";
import { clamp } from "../kit/scale.js";
import { spoken } from "../kit/words.js";
import { describeMap, describeModels } from "./describe.js";
import { NAMES } from "./flow.js";
import { TRANSFORMER } from "./models.js";

const CHART_HEIGHT = 300;
const WIDEST_MATRIX = 340;
const LAYER_HEIGHT = 26;

const countTo = (last) => Array.from({ length: last }, (_, n) => n + 1);

// onStep(k), onPair([k, t]) and onPlace([layer, k]) are called with what the reader points at.
export function plots({ label, onStep, onPair, onPlace }) {
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
  let depth = 1;
  const map = heatmap({
    labels: { rows: "l", columns: "t", upper: "" },
    onCell: ([row, column]) => onPlace([depth + 1 - row, column]),
    keys: true,
  });
  const caption = (equation) => spoken(html("figcaption"), (text) => [math(text, equation)]);
  const captions = { map: caption(true), chart: caption(), matrix: caption() };
  const key = modelKey();
  const scales = { map: colourScale(), matrix: colourScale() };
  const reading = spoken(html("strong"));
  const mapLegend = html(
    "div", { class: "sb-map-legend" }, reading.element, html("span", {}, label("scale")), scales.map.element,
  );
  const boxes = [
    html("figure", {}, captions.chart.element, chart.element, key.element),
    html("figure", {}, captions.matrix.element, matrix.element, scales.matrix.element),
  ];
  const mapBox = html("figure", { class: "sb-map" }, captions.map.element, map.element, mapLegend);
  const element = html("div", { class: "sb-plots" }, mapBox, ...boxes);
  let widths = [320, 320, 640];
  const measure = () => {
    widths = [...boxes, element].map((box) => box.clientWidth);
  };

  // `flow` is what flow.js gives.
  function draw({ name, found, others, s, l, decades, matrixDecades, ...stack }, T, [k, t]) {
    const matrixLabel = (key) => (name === TRANSFORMER ? `${key}_transformer` : key);
    const places = { s, l, layer: stack.layer, below: stack.layer - 1 };
    chart.draw({
      kind: name,
      values: found.dh,
      others,
      decades,
      width: widths[0],
      height: CHART_HEIGHT,
      step: k,
      name: label("chartName", {
        s, l, first: 1, T, atFirst: significant(found.dh[0]), atLast: significant(found.dh[T - 1]),
      }),
    });
    matrix.draw({
      matrix: found.matrix,
      rows: countTo(T),
      columns: T,
      width: Math.min(widths[1], WIDEST_MATRIX),
      shade: shadeOver(matrixDecades),
      cell: [t, k],
      name: label(matrixLabel("matrixName"), {
        ...places, near: significant(found.matrix[T]), far: significant(found.matrix[(T - 1) * T]),
      }),
    });
    scales.matrix.say(matrixDecades);
    captions.chart.say(label("chart", { s, l }));
    captions.matrix.say(label(matrixLabel("matrix"), places));
    drawMap(stack, { s, decades, k });
    key.element.hidden = others.length === 0;
    key.say(...describeModels({ sizes: { [name]: found.dh, ...Object.fromEntries(others) }, k }, label));
  }

  function drawMap({ layers, layer, depth: count }, { s, decades, k }) {
    depth = count;
    mapBox.hidden = depth === 1;
    if (depth === 1) return;
    const T = layers[0].length;
    const says = label("mapCell", { layer, k, value: significant(layers[layer - 1][k - 1]) });
    map.draw({
      matrix: layers.toReversed().flatMap((sizes) => [...sizes]),
      rows: countTo(depth).reverse(),
      columns: T,
      width: widths[2],
      height: LAYER_HEIGHT * depth,
      shade: shadeOver(decades),
      cell: [depth + 1 - layer, k],
      name: describeMap({ layers, s, decades }, label),
      says,
    });
    captions.map.say(label("map", { s }));
    reading.say(says);
    scales.map.say(decades);
  }
  return { element, sized: [...boxes, element], measure, draw };
}

const shadeOver = (decades) => (value) => clamp(Math.log10(value) / decades, -1, 1);

// The colours of a heatmap, from 10⁻ⁿ to 10ⁿ.
function colourScale() {
  const ends = [spoken(html("span")), spoken(html("span"))];
  const ramp = html("span", { class: "sb-ramp" });
  ramp.style.backgroundImage = divergingGradient();
  const element = html("div", { class: "sb-legend" }, ends[0].element, ramp, ends[1].element);
  return { element, say: (decades) => ends.forEach((end, n) => end.say(powerOfTen(n ? decades : -decades))) };
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
