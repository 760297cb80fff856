// A trained translator writes; at every step its scores, weights, context and output are seen, grabbed, run backwards.
import { button, excusable, select } from "../kit/controls.js";
import { html, setAttributes, setText } from "../kit/dom.js";
import { fixed, significant } from "../kit/format.js";
import { heatmap } from "../kit/heatmap.js";
import { knobs } from "../kit/knobs.js";
import { assign } from "../kit/model.js";
import { player } from "../kit/player.js";
import { clamp } from "../kit/scale.js";
import { examples, textField } from "../kit/text-field.js";
import { widget } from "../kit/widget.js";
import { words } from "../kit/words.js";
import {
  backwards, brief, describe, equations, jacobian, largest, ranked, sourceName, subscript, targetName,
} from "./describe.js";
import { LABELS } from "./labels.js";
import { linesView } from "./lines.js";
import { mapView } from "./map.js";
import { outputsView } from "./outputs.js";
import { rowsView } from "./rows.js";
import { visible } from "./signs.js";
import { createStudy, giveWay } from "./study.js";
import { valuesTable } from "./values-table.js";

const EXAMPLES = {
  "phrases-en": [
    "Ich möchte ein Bier trinken", "Heute hat mein Bruder im Garten einen Apfel gegessen",
    "Sie muss einen Brief schreiben", "Wir suchen den Schlüssel zu Hause",
  ],
  "phrases-ko": [
    "Ich möchte ein Bier trinken", "Er möchte ein Bier trinken",
    "Heute hat mein Bruder im Garten einen Apfel gegessen",
  ],
  dates: ["2026년 3월 9일 월요일", "26. 3. 9.", "오늘은 1999년 12월 31일", "안녕하세요"],
  names: ["파라마리보", "베를린", "크로아티아", "부에노스아이레스"],
};
const NAMED = 8; // unknown signs that are named
const LANGUAGE = { "phrases-en": "de", "phrases-ko": "de", dates: "ko", names: "ko" };

function build({ model, label, draw: redraw }) {
  const specimen = model.get("specimen");
  const { text: { most: limit }, model: { options: models } } = model.get("limits");
  const [study, untouched] = [createStudy(specimen, limit), createStudy(specimen, limit)];
  const get = (trait) => model.get(trait);
  const alone = (trait) => ({ attention: "learned", moved: [] })[trait] ?? get(trait);
  const now = () => study(get);
  let width = 640; // of the widget's inside, until it is measured
  let half = 640; // of one of its two columns, where there are two

  const timeOf = ({ steps }) => clamp(get("time"), 1, Math.max(1, steps.length));
  const goTo = (time) => assign(model, { time, output: "" });
  const afresh = { moved: [], source: null, output: "" };
  const rewrite = (text) => assign(model, { text, ...afresh });
  const begin = (name) => {
    const { text, time } = specimen.models[name];
    assign(model, { model: name, text, time, ...afresh });
  };

  const control = knobs(model, label);
  const chosen = control.marked(select({
    label: label("model"), options: models.map((name) => [name, label(`model_${name}`)]), onInput: begin,
  }), "model");
  const score = excusable(control.select("score"));
  const field = textField({ name: label("text"), onText: rewrite });
  const tries = Object.fromEntries(models.map((name) =>
    [name, examples({ name: label("tryText"), texts: EXAMPLES[name], lang: LANGUAGE[name], onPick: rewrite })]));
  field.element.append(...Object.values(tries));

  const time = player({
    labels: {
      play: label("play"), pause: label("pause"), back: label("back"), on: label("on"), time: label("time"),
      format: (t) => {
        const { steps, task } = now();
        const step = steps[t - 1];
        return label("step", { t, T: steps.length, sign: step ? visible(task.target[step.token]) : "" });
      },
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
  const body = html(
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
  const empty = html("p", { class: "sb-words" }, label("empty"));
  const content = html("div", { class: "sb-stack" },
    html("div", { class: "sb-bar sb-models" }, chosen.element, score.element), field.element, empty, body);

  function sayText({ read }, task) {
    const strange = [...new Set(read.signs.filter((_, n) => read.ids[n] === 0))];
    const named = strange.slice(0, NAMED).map(sourceName).join(" ");
    const list = strange.length > NAMED ? `${named} ${label("more", { count: strange.length - NAMED })}` : named;
    field.show(get("text"));
    field.say(
      label(`reads_${task.kinds[0]}`, { count: read.signs.length }),
      ...(strange.length ? [label("unknown", { list })] : []),
      ...(read.unread ? [label("unread", { limit, unread: read.unread })] : []),
    );
    for (const [name, element] of Object.entries(tries)) element.hidden = name !== get("model");
    chosen.show(get("model"));
    const able = Object.keys(task.files);
    for (const option of score.input.options) option.disabled = !able.includes(option.value);
    score.show(task.score);
    score.excuse(able.length > 1 ? null : label("oneScore", { score: label(`score_${task.score}`) }));
  }

  function draw() {
    const found = now();
    const { task, read, encoder, steps } = found;
    sayText(found, task);
    empty.hidden = Boolean(encoder);
    body.hidden = !encoder;
    if (!encoder) {
      time.stop();
      return;
    }
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
    width = body.clientWidth;
    half = right.clientWidth;
  }
  return { content, draw, sized: [body, right], measure, stop: () => time.stop() };
}

export default widget({ name: "attention_map", labels: LABELS, rebuildOn: ["specimen"], build });
