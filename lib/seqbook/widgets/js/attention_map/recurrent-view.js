// The recurrent translator: at every step its scores, weights, context and output are seen, grabbed, run backwards.
import { button } from "../kit/controls.js";
import { html, setText } from "../kit/dom.js";
import { fixed, significant } from "../kit/format.js";
import { heatmap } from "../kit/heatmap.js";
import { assign } from "../kit/model.js";
import { player } from "../kit/player.js";
import { clamp } from "../kit/scale.js";
import { words } from "../kit/words.js";
import {
  backwards, brief, describe, equations, jacobian, largest, ranked, sourceName, subscript, targetName,
} from "./describe.js";
import { linesView } from "./lines.js";
import { mapView } from "./map.js";
import { outputsView } from "./outputs.js";
import { rowsView } from "./rows.js";
import { visible } from "./signs.js";
import { createStudy, giveWay } from "./study.js";
import { valuesTable } from "./values-table.js";

// `control` = kit/knobs.js's, `redraw` asks for a drawing. Gives { element, now, isThere, draw, measure, stop }: `now()`
// is what is computed, `isThere(it)` whether there was a text, `draw(it)` shows it.
export function recurrentView({ model, label, control, redraw, specimen, limit }) {
  const [study, untouched] = [createStudy(specimen, limit), createStudy(specimen, limit)];
  const get = (trait) => model.get(trait);
  const alone = (trait) => ({ attention: "learned", moved: [] })[trait] ?? get(trait);
  const now = () => study(get);
  let width = 640; // of the widget's inside, until it is measured
  let half = 640; // of one of its two columns, where there are two

  const timeOf = ({ steps }) => clamp(get("time"), 1, Math.max(1, steps.length));
  const goTo = (time) => assign(model, { time, output: "" });

  const time = player({
    lang: get("lang"),
    labels: { time: label("time") },
    format: (t) => {
      const { steps, task } = now();
      const step = steps[t - 1];
      return label("step", { t, T: steps.length, sign: step ? visible(task.target[step.token]) : "" });
    },
    get: () => {
      const found = now();
      return [timeOf(found), Math.max(1, found.steps.length)];
    },
    onTime: goTo,
    interval: 1200,
  });
  const temperature = control.slider("temperature", { format: (value) => fixed(value, 1) });
  const attention = control.select("attention");
  const backward = control.checkbox("backward");
  const reset = button({ label: label("reset"), onPress: () => assign(model, { moved: [] }) });
  const unit = control.slider("unit");

  const pick = (i) => assign(model, { source: i });
  const lines = linesView({ onSource: pick, onTarget: goTo });
  const map = mapView({ onCell: (t, i) => assign(model, { time: t, source: i, output: "" }) });
  const rows = rowsView({
    label, H: model.get("limits").unit.max + 1,
    onPick: (i) => pick(i + 1),
    onWeight: (i, weight) => {
      const found = now();
      const t = timeOf(found);
      const weights = giveWay(found.steps[t - 1].weights, i, weight);
      assign(model, { moved: [...get("moved").filter(({ step }) => step !== t), { step: t, weights }] });
    },
  });
  const outputs = outputsView({ label, onPick: (output) => assign(model, { output, backward: true }) });
  const [explanation, numbers] = [words(), words()];
  let cell = [1, 1];
  const softmaxMap = heatmap({
    labels: { rows: label("jacobianRows"), columns: label("jacobianColumns"), upper: "" }, keys: true,
    onCell: (place) => {
      cell = place;
      redraw();
    },
  });
  const cellWords = words();
  const table = valuesTable({ label, onOpen: redraw });

  const scroll = (name, ...content) =>
    html("div", { class: "sb-scroll", role: "region", tabindex: 0, "aria-label": name }, ...content);
  const rowsTitle = html("p", { class: "sb-heading" });
  const jacobianTitle = html("p", { class: "sb-heading" });
  const jacobianBox = html("div", {}, jacobianTitle, softmaxMap.element, cellWords.element);
  const left = html("div", { class: "sb-stack" },
    rowsTitle, html("div", { class: "sb-scrolled" }, rows.element), outputs.element);
  const right = html("div", { class: "sb-stack" }, html("p", { class: "sb-heading" }, label("mapTitle")),
    scroll(label("mapTitle"), map.element), jacobianBox);
  const element = html(
    "div", { class: "sb-stack" },
    time.element,
    html("div", {}, html("p", { class: "sb-heading" }, label("linesTitle")),
      scroll(label("linesTitle"), lines.element)),
    explanation.element,
    html("div", { class: "sb-bar" }, temperature.element, attention.element, backward.element, reset.element),
    html("div", { class: "sb-halves" }, left, right),
    html("div", {}, html("p", { class: "sb-heading" }, label("equations")), numbers.element),
    html("div", { class: "sb-bar" }, unit.element),
    table.element,
  );
  function draw(found) {
    const { task, read, encoder, steps } = found;
    const t = timeOf(found);
    const step = steps[t - 1];
    const isBack = get("backward");
    const back = isBack ? study.back(get) : null;
    const picked = clamp((get("source") ?? largest(step.weights) + 1) - 1, 0, read.signs.length - 1);
    const touched = get("attention") !== "learned" || steps.some((each) => each.byHand);
    const shown = {
      source: read.signs.map(visible), target: steps.map(({ token }) => visible(task.target[token])),
      weights: steps.map(({ weights }) => weights), t, i: picked + 1,
    };
    time.show();
    temperature.show(get("temperature"));
    attention.show(get("attention"));
    backward.show(isBack);
    unit.show(get("unit"));
    reset.element.hidden = !get("moved").some(({ weights }) => weights.length === read.signs.length);
    explanation.say(...describe(found, touched ? untouched(alone).steps : null, t, label));
    const most = back ? Math.max(...back.dScores.map(Math.abs)) : 0;
    const named = (i) => `${sourceName(read.signs[i])} ${brief(step.weights[i])}`;
    const list = ranked(step.weights).slice(0, 3).map(named).join(", ");
    lines.draw({
      ...shown, width, strengths: back ? back.dScores.map((each) => (most ? each / most : 0)) : null,
      name: back ? label("linesBack") : label("lines", { t, sign: targetName(step.token, task, label), list }),
    });
    setText(rowsTitle, label("rowsTitle", { t }));
    rows.draw({ names: shown.source, states: encoder.states, step, back, picked, unit: get("unit"), t });
    outputs.draw({ task, logProbs: step.logProbs, chosen: back?.token ?? step.token, t, backward: isBack });
    map.draw({ ...shown, width: half, name: label("map", { T: steps.length, S: read.signs.length }) });
    const place = [t, picked, get("unit"), label];
    numbers.say(...(back ? backwards(found, back, ...place) : equations(found, ...place)));
    jacobianBox.hidden = !back;
    if (back) drawJacobian(step, t);
    table.draw(shown);
  }

  function drawJacobian(step, t) {
    const S = step.weights.length;
    const matrix = jacobian(step);
    const most = matrix.reduce((best, each) => Math.max(best, Math.abs(each)), 0);
    cell = cell.map((place) => clamp(place, 1, S));
    const [row, column] = cell;
    const value = significant(matrix[(row - 1) * S + column - 1], 3);
    setText(jacobianTitle, label("jacobianTitle", { t }));
    const says = label("jacobianCell", { i: subscript(row), j: subscript(column), value });
    softmaxMap.draw({
      matrix, rows: Array.from({ length: S }, (_, n) => n + 1), columns: S, width: Math.min(half, 280), height: 200,
      shade: (each) => (most ? each / most : 0), cell, says, name: label("jacobian", { row, column, value }),
    });
    cellWords.say(["equation", step.byHand ? label("jacobianNone") : says]);
  }

  function measure() {
    [width, half] = [element.clientWidth || width, right.clientWidth || half];
  }
  return { element, now, isThere: ({ encoder }) => Boolean(encoder), draw, measure, stop: () => time.stop() };
}
