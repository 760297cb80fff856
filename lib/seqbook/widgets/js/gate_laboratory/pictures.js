// All that shows the numbers of the chosen step: the coloured text, time's tape, the cell, the predictions, the words.
import { html, setText, whenChanged } from "../kit/dom.js";
import { fixed } from "../kit/format.js";
import { assign } from "../kit/model.js";
import { player } from "../kit/player.js";
import { words } from "../kit/words.js";
import { answer } from "./answers.js";
import { cellDrawing } from "./cell.js";
import { clampAt } from "./clamps.js";
import { colouredText, shown } from "./coloured-text.js";
import { sentences } from "./describe.js";
import { outputBars } from "./outputs.js";
import { HELD } from "./quantities.js";
import { unitAt } from "./study.js";
import { tape } from "./tape.js";
import { unitMap } from "./unit-map.js";

// `now()` is the chosen step, `nameOf(character)` and `stepName(t)` what stands there, in words.
export function pictures({ model, label, network, study, now, nameOf, stepName }) {
  const { kind } = network;
  const goTo = (t) => assign(model, { time: t });
  const text = colouredText({ label: label("textName"), onStep: goTo });
  const time = player({
    lang: model.get("lang"),
    format: (t) => label("timeOf", { t, T: study.steps.length, character: stepName(t) }),
    get: () => [now(), Math.max(1, study.steps.length)],
    onTime: goTo,
    interval: 350,
  });
  const keys = html(
    "p",
    { class: "sb-quiet sb-keys" },
    html("span", { class: "sb-key sb-held" }),
    label("withHeld"),
    html("span", { class: "sb-key sb-free" }),
    label("asLearned"),
  );
  const strip = tape({ label: label("tape"), onStep: goTo });
  const cell = cellDrawing({ label });
  const cellTitle = html("p", { class: "sb-heading" });
  const cellBox = html("div", {}, cellTitle, cell.element);
  const predicted = html("p", { class: "sb-heading" });
  const bars = outputBars();
  const said = words();
  const map = unitMap({ label: label("units"), onUnit: (unit) => assign(model, { unit }) });
  const mapBox = html(
    "div",
    {},
    html("p", { class: "sb-heading" }, label("units")),
    map.element,
    html("p", { class: "sb-quiet" }, label("unitsHint")),
  );
  const above = [
    text.element,
    time.element,
    html("div", {}, keys, strip.element),
    html("div", { class: "sb-plots" }, cellBox, html("div", {}, predicted, bars.element)),
    said.element,
  ];

  // `scene` = { t, unit, quantity, clamps, reach, values, colours, width }: the unit's numbers at step t, if computed.
  function draw(scene) {
    time.show();
    drawText(scene);
    drawTape(scene);
    drawCell(scene);
    drawUnits(scene);
    answerAt(scene);
  }
  const number = (value) => (value === undefined ? "…" : fixed(value));
  const isHeld = ({ clamps, unit }, gate, step) => clampAt(clamps, gate, unit, step) !== undefined;

  const reveal = whenChanged(() => text.reveal());
  function drawText(scene) {
    const { t, unit, quantity, clamps, reach, values, colours, width } = scene;
    const said = { t, character: stepName(t), unit, quantity: label(`quantity_${quantity}`) };
    text.draw({
      steps: study.steps,
      t,
      width: Math.max(120, width),
      quantity,
      reach,
      colours,
      spaced: kind === "numbers",
      valueAt: (step) => study.shown.steps[step - 1]?.[quantity][unit],
      heldAt: (step) => clamps.length > 0 && HELD.some((gate) => isHeld(scene, gate, step)),
      valueText: label("stepName", { ...said, value: number(values?.[quantity]) }),
    });
    reveal(t, study.steps.length, width);
  }

  function drawTape(scene) {
    const { t, unit, clamps, reach, values, colours, width } = scene;
    const { steps, free, shown: held } = study;
    const unheld = unitAt(free, t, unit);
    keys.hidden = clamps.length === 0;
    strip.draw({
      steps,
      t,
      unit,
      width: Math.max(160, width),
      wide: kind === "numbers" ? 40 : 13,
      free: free.steps,
      held: held.steps,
      reach,
      colours,
      isHeld: (gate, step) => isHeld(scene, gate, step),
      name: [
        label("tapeName", { unit, t, from: 1, to: steps.length, value: number(values?.c) }),
        ...(clamps.length ? [label("tapeHeld", { value: number(unheld?.c) })] : []),
      ].join(" "),
    });
  }

  function drawCell(scene) {
    const { t, unit, reach, values, width } = scene;
    const names = ["before", "f", "i", "g", "o", "c", "h"];
    setText(cellTitle, label("cell", { unit, t }));
    cell.draw({
      t,
      now: values,
      character: shown(study.steps[t - 1].label),
      wide: kind === "numbers",
      width: Math.max(270, Math.min(560, cellBox.clientWidth || width)),
      reach,
      heldGates: HELD.filter((gate) => isHeld(scene, gate, t)),
      name: label("cellName", Object.fromEntries(names.map((name) => [name, number(values?.[name])]))),
    });
  }

  function drawUnits({ t, unit, quantity, colours }) {
    map.draw({
      order: study.order.map((each) => each.unit),
      values: study.shown.steps[t - 1]?.[quantity],
      unit,
      width: Math.max(120, mapBox.clientWidth),
      quantity,
      colours,
      name: label("unitsName", { quantity: label(`quantity_${quantity}`), t, unit }),
    });
  }

  // The network's answer at step t, as bars and in words, once it is computed.
  function answerAt({ t, unit, clamps, values }) {
    const held = clamps.length > 0;
    const runs = { free: study.free.steps, held: study.shown.steps, compares: held };
    const found = answer(network, study.steps, t, runs, label, nameOf);
    setText(predicted, label(`predicts_${network.predicts}`, { t }));
    if (!found) return;
    bars.draw(found.rows, found.paired);
    const unheld = unitAt(study.free, t, unit);
    said.say(...sentences({ unit, t, values, unheld, held, character: stepName(t), found }, label));
  }
  return { above, units: mapBox, draw, stop: time.stop };
}
