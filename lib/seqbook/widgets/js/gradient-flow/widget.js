// Draws how gradients shrink or grow on their way back through time, and recomputes them as the reader turns the knobs.
import { toFloat64 } from "../kit/arrays.js";
import { divergingGradient } from "../kit/colours.js";
import { button, checkbox, excusable, select, slider } from "../kit/controls.js";
import { html, setAttributes, svg, whenChanged } from "../kit/dom.js";
import { fixed, powerOfTen, significant } from "../kit/format.js";
import { heatmap } from "../kit/heatmap.js";
import { translator } from "../kit/i18n.js";
import { lineChart } from "../kit/line-chart.js";
import { math, svgMath } from "../kit/math.js";
import { assign, onChange } from "../kit/model.js";
import { clamp, decadesFor, symmetricLog } from "../kit/scale.js";
import { clipped, describe, describeClipping, describeModels, describeWeights } from "./describe.js";
import { LABELS } from "./labels.js";
import { gradients, MODELS } from "./models.js";

const TRAITS = [
  "model", "compare", "steps", "radius", "forget_bias", "weights", "activation", "input_scale", "loss", "seed", "clip",
  "step_from", "step_to", "draws",
];
const NAMES = Object.keys(MODELS);
const LONGEST = 50;
const THRESHOLDS = [0.01, 100];

function build(model, root) {
  const label = translator(LABELS, model.get("lang"));
  root.lang = model.get("lang");
  root.setAttribute("aria-label", label("name"));

  const set = (trait) => (value) => assign(model, { [trait]: value });
  const options = (trait, values) => values.map((value) => [value, label(`${trait}_${value}`)]);

  const controls = {
    model: select({ label: label("model"), options: options("model", NAMES), onInput: set("model") }),
    compare: checkbox({ label: label("compare"), onInput: set("compare") }),
    radius: slider({
      label: label("radius"), min: 0.2, max: 2, step: 0.01, format: (value) => fixed(value), onInput: set("radius"),
    }),
    steps: slider({ label: label("steps"), min: 2, max: LONGEST, step: 1, format: String, onInput: setSteps }),
    input_scale: slider({
      label: label("input_scale"), min: 0, max: 3, step: 0.05, format: (value) => fixed(value), onInput: set("input_scale"),
    }),
    forget_bias: excusable(slider({
      label: label("forget_bias"), min: -2, max: 6, step: 0.1, format: (value) => fixed(value, 1),
      onInput: set("forget_bias"),
    })),
    activation: excusable(select({
      label: label("activation"),
      options: options("activation", ["tanh", "relu", "identity"]),
      onInput: set("activation"),
    })),
    weights: select({
      label: label("weights"), options: options("weights", ["gaussian", "orthogonal"]), onInput: set("weights"),
    }),
    loss: select({ label: label("loss"), options: options("loss", ["last", "every"]), onInput: set("loss") }),
  };
  const seed = button({
    label: "",
    onPress: () => assign(model, { seed: (model.get("seed") + 1) % model.get("draws").length }),
  });
  const from = slider({ label: math(label("from"), true), min: 1, max: 2, step: 1, format: String, onInput: (k) => choose(k) });
  const to = slider({
    label: math(label("to"), true), min: 1, max: 2, step: 1, format: String, onInput: (t) => choose(null, t),
  });
  const clip = checkbox({
    label: label("clip"), onInput: (on) => assign(model, { clip: on ? 1 : null }),
  });
  const threshold = slider({
    label: label("threshold"),
    min: THRESHOLDS[0],
    max: THRESHOLDS[1],
    step: 0.05,
    format: significant,
    onInput: set("clip"),
    toPosition: Math.log10,
    toValue: (position) => 10 ** position,
  });

  const chart = lineChart({
    labels: {
      axis: label("chartAxis"), above: label("exploding"), below: label("vanishing"), direction: label("backwards"),
    },
    onStep: (step) => choose(step),
  });
  const matrix = heatmap({
    labels: { rows: "t", columns: "k", upper: label("upper") },
    onCell: ([row, column]) => {
      if (row >= column) assign(model, { step_from: column, step_to: row });
    },
  });
  const legend = [html("span"), html("span", { class: "sb-ramp" }), html("span")];
  legend[1].style.backgroundImage = divergingGradient();
  const bars = svg("svg", { role: "img", "aria-label": label("barName") });
  const spectrum = html("p", { class: "sb-quiet" });
  const words = html("div", { class: "sb-words", "aria-live": "polite" });
  const clipWords = html("p", { "aria-live": "polite" });
  const table = html("table");
  const tableBox = html("div", { class: "sb-scroll", role: "region", "aria-label": label("tableCaption"), tabindex: 0 }, table);
  const details = html("details", {}, html("summary", {}, label("table")), tableBox);
  details.addEventListener("toggle", () => draw());

  const captions = { chart: html("figcaption"), matrix: html("figcaption") };
  const entries = Object.fromEntries(NAMES.map((name) => [name, html("span")]));
  const key = html("ul", { class: "sb-key" }, ...NAMES.map((name) => html(
    "li", {},
    svg("svg", { width: 34, height: 10, "aria-hidden": "true" }, svg("path", { class: `sb-series sb-series-${name}`, d: "M0 5H34" })),
    entries[name],
  )));
  const chartBox = html("figure", {}, captions.chart, chart.element, key);
  const matrixBox = html(
    "figure", {}, captions.matrix, matrix.element, html("div", { class: "sb-legend" }, ...legend),
  );
  const state = html("p", { class: "sb-quiet" }, math(label("state")));
  const barBox = html("div", {}, bars);
  const {
    model: which, compare, radius, forget_bias: forgetBias, steps, input_scale: inputScale, activation, weights, loss,
  } = controls;
  root.replaceChildren(
    html(
      "div",
      { class: "sb-stack" },
      html("div", { class: "sb-bar" }, which.element, compare.element),
      html(
        "div",
        { class: "sb-grid" },
        radius.element, forgetBias.element, steps.element, inputScale.element,
        activation.element, weights.element, loss.element, seed.element,
      ),
      spectrum,
      state,
      html("div", { class: "sb-plots" }, chartBox, matrixBox),
      html(
        "div",
        { class: "sb-stack sb-near" },
        html("p", { class: "sb-quiet" }, label("hint")),
        html("div", { class: "sb-grid sb-pair" }, from.element, to.element),
        words,
      ),
      html(
        "div",
        { class: "sb-stack sb-near" },
        html("div", { class: "sb-grid sb-pair" }, clip.element, threshold.element),
        barBox,
        clipWords,
      ),
      details,
    ),
  );

  function setSteps(T) {
    const atEnd = model.get("step_to") === model.get("steps");
    const t = atEnd ? T : Math.min(T, model.get("step_to"));
    assign(model, { step_to: t, step_from: Math.min(t, model.get("step_from")), steps: T });
  }

  // Choosing one of the two steps moves the other out of its way.
  function choose(k, t) {
    const [oldK, oldT] = pair();
    if (t === undefined) assign(model, { step_from: k, step_to: Math.max(k, oldT) });
    else assign(model, { step_from: Math.min(oldK, t), step_to: t });
  }

  function pair() {
    const t = clamp(model.get("step_to"), 1, model.get("steps"));
    return [clamp(model.get("step_from"), 1, t), t];
  }

  // An unchanged text is not said again: screen readers announce what is replaced here.
  const say = {
    captions: whenChanged((s) => {
      captions.chart.replaceChildren(math(label("chart", { s })));
      captions.matrix.replaceChildren(math(label("matrix", { s })));
    }),
    key: whenChanged((...texts) => NAMES.forEach((name, index) => entries[name].replaceChildren(math(texts[index])))),
    spectrum: whenChanged((text) => spectrum.replaceChildren(math(text))),
    words: whenChanged((...texts) => words.replaceChildren(...texts.map((text) => html("p", {}, math(text))))),
    clipping: whenChanged((text) => clipWords.replaceChildren(math(text))),
    legend: whenChanged((decades) => {
      legend[0].replaceChildren(math(powerOfTen(-decades)));
      legend[2].replaceChildren(math(powerOfTen(decades)));
    }),
  };

  // Python's bytes become numbers once, not at every repaint.
  let unpacked = null;
  let source = null;
  function drawn() {
    if (source !== model.get("draws")) {
      source = model.get("draws");
      unpacked = source.map((values) => Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, value.data ? toFloat64(value) : value]),
      ));
    }
    return unpacked[model.get("seed")];
  }

  let size = { chart: 320, matrix: 320, bar: 600 };

  function draw() {
    const base = drawn();
    const T = model.get("steps");
    const [k, t] = pair();
    const name = model.get("model");
    const shown = model.get("compare") ? NAMES : [name];
    const settings = {
      steps: T,
      weights: model.get("weights"),
      activation: model.get("activation"),
      radius: model.get("radius"),
      inputScale: model.get("input_scale"),
      forgetBias: model.get("forget_bias"),
      loss: model.get("loss"),
    };
    const found = gradients(name, base, settings);
    const others = shown.filter((other) => other !== name)
      .map((other) => [other, gradients(other, base, settings, { matrix: false }).dh]);
    const s = shown.includes("lstm") ? "s" : "h";

    for (const [trait, control] of Object.entries(controls)) control.show(model.get(trait));
    activation.excuse(shown.includes("rnn") ? null : label("fixed_activation"));
    forgetBias.excuse(shown.some((each) => MODELS[each].forgets) ? null : label("no_gate"));
    state.hidden = s === "h";
    key.hidden = shown.length < 2;
    seed.show(label("seed", { number: model.get("seed") + 1, count: model.get("draws").length }));
    for (const control of [from, to]) control.input.max = T;
    from.show(k);
    to.show(t);
    clip.show(model.get("clip") !== null);
    threshold.element.hidden = model.get("clip") === null;
    if (model.get("clip") !== null) threshold.show(model.get("clip"));

    const decades = Math.max(...[found.matrix, found.dh, ...others.map(([, dh]) => dh)].map((values) => decadesFor(values)));
    chart.draw({
      kind: name,
      values: found.dh,
      others,
      decades,
      width: size.chart,
      height: 300,
      step: k,
      name: label("chartName", { s, first: 1, T, atFirst: significant(found.dh[0]), atLast: significant(found.dh[T - 1]) }),
    });
    matrix.draw({
      matrix: found.matrix,
      size: T,
      width: Math.min(size.matrix, 340),
      shade: (value) => clamp(Math.log10(value) / decades, -1, 1),
      cell: [t, k],
      name: label("matrixName", { s, near: significant(found.matrix[T]), far: significant(found.matrix[(T - 1) * T]) }),
    });
    say.legend(decades);
    say.captions(s);
    say.key(...describeModels({ sizes: { [name]: found.dh, ...Object.fromEntries(others) }, k }, label));
    say.spectrum(describeWeights(name, model.get("radius"), base[`largest_${settings.weights}`], label));
    say.words(...describe({ found, k, t, T, s, loss: settings.loss }, label));
    say.clipping(describeClipping(found.gradient, model.get("clip"), label));
    drawBars(found.gradient, model.get("clip"));
    if (details.open) tabulate(found, others, T, s);
  }

  // The gradient's norm before and after clipping, as bars on a logarithmic axis with the threshold across them.
  function drawBars(norm, limit) {
    barBox.hidden = limit === null;
    if (limit === null) return;
    const [left, height] = [70, 50];
    const right = Math.max(left + 60, size.bar - 70);
    const place = symmetricLog(decadesFor([norm, ...THRESHOLDS]), [left, right]);
    const one = (y, value, name, kind) => [
      svg("text", { x: left - 6, y: y + 12, class: "sb-tick sb-end" }, name),
      svg("rect", { class: kind, x: left, y, width: Math.max(2, place(value) - left), height: 15, rx: 3 }),
      svgMath({ x: right + 7, y: y + 12, class: "sb-tick" }, significant(value)),    // clear of the threshold's line
    ];
    setAttributes(bars, { width: size.bar, height, viewBox: `0 0 ${size.bar} ${height}` });
    bars.replaceChildren(
      ...one(5, norm, label("before"), "sb-before"),
      ...one(29, clipped(norm, limit)[0], label("after"), "sb-after"),
      svg("line", { class: "sb-threshold", x1: place(limit), x2: place(limit), y1: 0, y2: height }),
    );
  }

  function tabulate(found, others, T, s) {
    const rows = Array.from({ length: T }, (_, index) => [
      String(index + 1),
      significant(found.dh[index]),
      significant(found.matrix[(T - 1) * T + index]),
      ...others.map(([, dh]) => significant(dh[index])),
    ]);
    const heads = [
      "t", `‖∂L/∂${s}(t)‖`, `‖∂${s}(${T})/∂${s}(t)‖`, ...others.map(([name]) => `‖∂L/∂${s}(t)‖, ${label(`model_${name}`)}`),
    ];
    table.replaceChildren(
      html("caption", {}, label("tableCaption")),
      html("thead", {}, html("tr", {}, ...heads.map((head) => html("th", { scope: "col" }, math(head, true))))),
      html("tbody", {}, ...rows.map(([head, ...cells]) =>
        html("tr", {}, html("th", { scope: "row" }, head), ...cells.map((cell) => html("td", {}, math(cell)))))),
    );
  }

  const observer = new ResizeObserver(() => {
    if (chartBox.clientWidth === 0) return; // not laid out, e.g. in a hidden tab
    size = { chart: chartBox.clientWidth, matrix: matrixBox.clientWidth, bar: words.clientWidth };
    draw();
  });
  for (const box of [chartBox, matrixBox, words]) observer.observe(box);
  const stop = onChange(model, TRAITS, draw);
  draw();
  return () => {
    stop();
    observer.disconnect();
  };
}

function render({ model, el }) {
  const root = html("div", { class: "sb sb-gradient-flow", role: "group" });
  el.append(root);
  let dispose = build(model, root);
  const stop = onChange(model, ["lang"], () => {
    dispose();
    dispose = build(model, root);
  });
  return () => {
    stop();
    dispose();
    root.remove();
  };
}

export default { render };
