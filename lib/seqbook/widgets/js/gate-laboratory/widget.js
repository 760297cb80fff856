// Runs a trained LSTM along the reader's own text, draws every gate of it, and lets the reader hold gates and compare.
import { palette } from "../kit/canvas.js";
import { button, select } from "../kit/controls.js";
import { html, setAttributes, setText, uniqueId, whenChanged } from "../kit/dom.js";
import { fixed } from "../kit/format.js";
import { translator } from "../kit/i18n.js";
import { math } from "../kit/math.js";
import { assign, onChange } from "../kit/model.js";
import { player } from "../kit/player.js";
import { clamp } from "../kit/scale.js";
import { answer } from "./answers.js";
import { cellDrawing } from "./cell.js";
import { clampAt, editBetween, shifted } from "./clamps.js";
import { colouredText, shown } from "./coloured-text.js";
import { sentences } from "./describe.js";
import { EXPERIMENTS } from "./experiments.js";
import { FEATURES, isConstant, ranking } from "./features.js";
import { holdPanel } from "./hold-panel.js";
import { LABELS } from "./labels.js";
import { createNetwork } from "./network.js";
import { outputBars } from "./outputs.js";
import { boundsOf, HELD, QUANTITIES, rampOf, reachOf, SYMBOLS } from "./quantities.js";
import { createRun } from "./run.js";
import { drawNumbers, LIMIT, stepsBefore, toggleMarker, wellFormed } from "./specimens.js";
import { tape } from "./tape.js";
import { unitMap } from "./unit-map.js";
import { valuesTable } from "./values-table.js";

const TRAITS = ["text", "time", "unit", "quantity", "sort", "clamps"];
const SLICE = 12; // ms of computing before the reader's next key gets its turn
const REST = 200; // ms without a change after which the units are sorted anew: they do not jump about under a writer

function build(model, root) {
  const lang = model.get("lang");
  const label = translator(LABELS, lang);
  root.lang = lang;
  root.setAttribute("aria-label", label("name"));

  const network = createNetwork(model.get("specimen"));
  const { kind, H } = network;
  const free = createRun(network);
  const held = createRun({ ...network, base: free });
  let stopped = false;
  let text = null; // what `reading` was made of
  let reading = { steps: [], unread: 0 };
  let followed = {}; // each feature of that text, and whether it is the same at every step
  let order = Array.from({ length: H }, (_, each) => ({ unit: each, r: null })); // of the units, r: see `ranking`
  let width = 640; // of the widget's inside, until it is measured

  const now = () => clamp(model.get("time"), 1, Math.max(1, reading.steps.length));
  const nameOf = (character) =>
    ({ " ": label("space"), "\n": label("newline"), "\t": label("tab") })[character] ??
    (kind === "numbers" ? character : `“${shown(character)}”`);
  const stepName = (t) => nameOf(reading.steps[t - 1]?.label ?? "");
  const goTo = (t) => assign(model, { time: t });

  // --- The text, and what to try
  const field = html("textarea", {
    rows: 3,
    spellcheck: "false",
    autocapitalize: "off",
    autocomplete: "off",
    dir: "auto",
  });
  field.id = uniqueId("text");
  const status = html("p", { class: "sb-quiet", id: `${field.id}-status`, "aria-live": "polite" });
  setAttributes(field, { "aria-describedby": status.id });
  field.addEventListener("input", () => {
    const clean = wellFormed(field.value);
    if (clean !== field.value) {
      const caret = field.selectionEnd;
      field.value = clean;
      field.setSelectionRange(caret, caret);
    }
    rewrite(clean, field.selectionEnd);
  });
  const followCaret = () => {
    const t = stepsBefore(reading.steps, field.selectionEnd);
    if (t > 0) goTo(t);
  };
  field.addEventListener("click", followCaret);
  field.addEventListener("keyup", (event) => /^(Arrow|Home|End|Page)/.test(event.key) && followCaret());

  // A text the reader changed, with the caret after the change: what is held stays on its characters.
  function rewrite(words, caret) {
    const { steps } = network.read(words);
    const edit = editBetween(
      reading.steps.map(({ label: each }) => each),
      steps.map(({ label: each }) => each),
    );
    const time = Math.max(
      1,
      caret === undefined ? Math.min(model.get("time"), steps.length) : stepsBefore(steps, caret),
    );
    const clamps = shifted(model.get("clamps"), edit);
    assign(model, { text: words, time, ...(same(clamps, model.get("clamps")) ? {} : { clamps }) });
  }

  const experiments = Object.entries(EXPERIMENTS[kind]).map(([name, experiment]) => {
    const control = button({
      label: label(`experiment_${name}`),
      onPress: () => {
        const found = experiment(reading.steps, now());
        if (!found) return;
        if (same(found.clamps, model.get("clamps"))) assign(model, { clamps: [] });
        else assign(model, { clamps: found.clamps, time: found.t });
      },
    });
    return { experiment, input: control.input };
  });
  const drawing = button({
    label: label("draw"),
    onPress: () => rewrite(drawNumbers(Math.max(2, reading.steps.length))),
  });
  const marking = button({
    label: "",
    onPress: () => rewrite(toggleMarker(model.get("text"), reading.steps[now() - 1])),
  });

  // --- Colours and time
  const quantityName = uniqueId("quantity");
  const quantities = QUANTITIES.map((quantity) => {
    const input = html("input", { type: "radio", name: quantityName, value: quantity });
    input.addEventListener("change", () => assign(model, { quantity }));
    const element = html(
      "label",
      { class: "sb-choice" },
      input,
      html("span", {}, html("i", { class: "sb-math" }, SYMBOLS[quantity]), ` ${label(`quantity_${quantity}`)}`),
    );
    return { quantity, input, element };
  });
  const ramp = [html("span"), html("span", { class: "sb-ramp" }), html("span")];
  const words = colouredText({ label: label("textName"), onStep: goTo });
  const time = player({
    labels: {
      play: label("play"),
      pause: label("pause"),
      back: label("back"),
      on: label("on"),
      time: label("time"),
      format: (t) => label("timeOf", { t, T: reading.steps.length, character: stepName(t) }),
    },
    get: () => [now(), Math.max(1, reading.steps.length)],
    onTime: goTo,
    interval: 350,
  });

  // --- Units
  const features = FEATURES[network.predicts];
  const sort = select({
    label: label("sort"),
    options: ["unit", ...Object.keys(features)].map((name) => [name, label(`sort_${name}`)]),
    onInput: (name) => assign(model, { sort: name, unit: null }), // the first in the new order
  });
  const unit = select({
    label: label("unit"),
    options: order.map((each) => [each.unit, String(each.unit)]),
    onInput: (value) => assign(model, { unit: Number(value) }),
  });
  const follows = html("p", { class: "sb-quiet" });
  const map = unitMap({ label: label("units"), onUnit: (chosen) => assign(model, { unit: chosen }) });

  // --- The cell, time's tape, the predictions
  const strip = tape({ label: label("tape"), onStep: goTo });
  const cell = cellDrawing({ label });
  const cellTitle = html("p", { class: "sb-heading" });
  const bars = outputBars();
  const keys = html(
    "p",
    { class: "sb-quiet sb-keys" },
    html("span", { class: "sb-key sb-held" }),
    label("withHeld"),
    html("span", { class: "sb-key sb-free" }),
    label("asLearned"),
  );
  const predicted = html("p", { class: "sb-heading" });
  const say = html("div", { class: "sb-words", "aria-live": "polite" });

  const panel = holdPanel({ label, model, now, last: () => reading.steps.length, nameOf: stepName });
  const table = valuesTable({
    label,
    head: label(kind === "numbers" ? "number" : "character"),
    onOpen: () => draw(),
  });

  const colours = palette(["ink", "soft", "accent", "line", "edge", "raised"], () => draw());
  const mapBox = html(
    "div",
    {},
    html("p", { class: "sb-heading" }, label("units")),
    map.element,
    html("p", { class: "sb-quiet" }, label("unitsHint")),
  );
  const cellBox = html("div", {}, cellTitle, cell.element);
  const body = html(
    "div",
    { class: "sb-stack" },
    html(
      "fieldset",
      { class: "sb-quantities" },
      html("legend", {}, label("quantity")),
      ...quantities.map(({ element }) => element),
    ),
    html(
      "div",
      { class: "sb-grid" },
      sort.element,
      unit.element,
      html("div", { class: "sb-legend", "aria-hidden": "true" }, ...ramp),
    ),
    follows,
    words.element,
    time.element,
    html("div", {}, keys, strip.element),
    html("div", { class: "sb-plots" }, cellBox, html("div", {}, predicted, bars.element)),
    say,
    panel.element,
    mapBox,
    table.element,
  );
  const empty = html("p", { class: "sb-words" }, label("empty"));
  root.replaceChildren(
    html(
      "div",
      { class: "sb-stack" },
      html("p", { class: "sb-try" }, label(`try_${network.predicts}`, { example: network.labels[2] })),
      html("div", { class: "sb-field" }, html("label", { for: field.id }, label(`text_${kind}`)), field, status),
      html(
        "div",
        { class: "sb-bar sb-experiments", role: "group", "aria-label": label("experiments") },
        ...experiments.map(({ input }) => input),
        ...(kind === "numbers" ? [marking.input, drawing.input] : []),
      ),
      empty,
      body,
      colours.element,
    ),
  );

  const tell = {
    words: whenChanged((...lines) => {
      say.replaceChildren(
        ...lines.map(([way, line]) =>
          html("p", { class: way === "equation" ? "sb-equation" : null }, math(line, way === "equation")),
        ),
      );
    }),
    status: whenChanged((...lines) => status.replaceChildren(lines.join(" "))),
    follows: whenChanged((line) => follows.replaceChildren(math(line, true))),
    units: whenChanged((...units) => {
      unit.input.replaceChildren(
        ...units.map(([value, r]) => html("option", { value }, r === null ? String(value) : `${value} (r = ${r})`)),
      );
    }),
  };

  // The units in the reader's order, for the text and the choices of `sortedFor`.
  let sortedFor = [];
  const sorting = () => [reading, model.get("sort"), model.get("quantity")];
  const isSorted = () => model.get("unit") !== null && sorting().every((each, n) => each === sortedFor[n]);
  function rank() {
    sortedFor = sorting();
    const feature = followed[model.get("sort")];
    if (feature) order = ranking(free.steps, model.get("quantity"), feature.values);
    else order = Array.from({ length: H }, (_, each) => ({ unit: each, r: null }));
    tell.units(...order.map((each) => [each.unit, each.r === null ? null : fixed(each.r)]));
    if (model.get("unit") === null) assign(model, { unit: order[0].unit });
  }

  let waiting = null; // what is still to do once the page had its turn
  function draw() {
    if (stopped) return;
    clearTimeout(waiting);
    if (model.get("text") !== text) {
      text = model.get("text");
      reading = network.read(text);
      followed = Object.fromEntries(
        Object.entries(features).map(([name, feature]) => {
          const values = feature(reading.steps);
          return [name, { values, constant: isConstant(values) }];
        }),
      );
    }
    const T = reading.steps.length;
    const clamps = model.get("clamps");
    if (field.value !== text) field.value = text;
    empty.hidden = T > 0;
    body.hidden = T === 0;
    tellStatus(T);
    if (T === 0) {
      setAttributes(root, { "aria-busy": null });
      return;
    }
    free.read(reading.steps);
    held.read(reading.steps, clamps);
    compute(now());
    paint();
    settle();
  }

  const runs = () => (model.get("clamps").length ? [free, held] : [free]);
  const complete = () => runs().every(({ steps }) => steps.length === reading.steps.length);

  // Computes up to step `last`, but no longer than a slice of time.
  function compute(last) {
    const start = performance.now();
    runs().every((run) => run.advance(last, () => performance.now() - start > SLICE));
  }

  // After the picture comes what it need not wait for: the steps after the chosen one, then the units' order.
  function settle() {
    const busy = !complete() || !isSorted();
    setAttributes(root, { "aria-busy": busy ? "true" : null });
    if (busy) waiting = setTimeout(goOn, complete() && model.get("unit") !== null ? REST : 0);
  }

  function goOn() {
    if (complete()) rank();
    else compute(reading.steps.length);
    if (complete()) paint();
    settle();
  }

  function tellStatus(T) {
    const numbers = kind === "numbers";
    const strange = reading.steps.filter(({ known }) => !known).length;
    tell.status(
      label(numbers ? "readsNumbers" : "reads", { count: T }),
      ...(strange ? [label(numbers ? "unknownNumbers" : "unknown", { count: strange })] : []),
      ...(reading.unread ? [label("unread", { limit: LIMIT, unread: reading.unread })] : []),
    );
  }

  function paint() {
    const T = reading.steps.length;
    const t = now();
    const clamps = model.get("clamps");
    const chosen = clamp(model.get("unit") ?? 0, 0, H - 1);
    const quantity = model.get("quantity");
    const shownRun = clamps.length ? held : free;
    const reach = reachOf(chosen, free, shownRun);
    const palette = colours.read();
    const character = stepName(t);
    const values = unitAt(shownRun, t, chosen);
    const number = (each) => (each === undefined ? "…" : fixed(each));
    const isHeld = (gate, step) => clampAt(clamps, gate, chosen, step) !== undefined;

    for (const { quantity: each, input } of quantities) input.checked = each === quantity;
    ramp[1].style.backgroundImage = rampOf(quantity);
    boundsOf(quantity, reach).forEach((bound, n) => setText(ramp[2 * n], fixed(bound, quantity === "c" ? 1 : 0)));
    time.show();
    showUnits(chosen, quantity);

    words.draw({
      steps: reading.steps,
      t,
      width: Math.max(120, width),
      quantity,
      reach,
      colours: palette,
      spaced: kind === "numbers",
      valueAt: (step) => shownRun.steps[step - 1]?.[quantity][chosen],
      heldAt: (step) => clamps.length > 0 && HELD.some((gate) => isHeld(gate, step)),
      valueText: label("stepName", {
        t,
        character,
        unit: chosen,
        quantity: label(`quantity_${quantity}`),
        value: number(values?.[quantity]),
      }),
    });
    reveal(t, T, width);
    const unheld = unitAt(free, t, chosen);
    strip.draw({
      steps: reading.steps,
      t,
      unit: chosen,
      width: Math.max(160, width),
      wide: kind === "numbers" ? 40 : 13,
      free: free.steps,
      held: shownRun.steps,
      reach,
      colours: palette,
      isHeld,
      name: [
        label("tapeName", { unit: chosen, t, from: 1, to: T, value: number(values?.c) }),
        ...(clamps.length ? [label("tapeHeld", { value: number(unheld?.c) })] : []),
      ].join(" "),
    });
    keys.hidden = clamps.length === 0;
    setText(cellTitle, label("cell", { unit: chosen, t }));
    cell.draw({
      t,
      now: values,
      character: shown(reading.steps[t - 1].label),
      wide: kind === "numbers",
      width: Math.max(270, Math.min(560, cellBox.clientWidth || width)),
      reach,
      heldGates: HELD.filter((gate) => isHeld(gate, t)),
      name: label(
        "cellName",
        Object.fromEntries(["before", "f", "i", "g", "o", "c", "h"].map((each) => [each, number(values?.[each])])),
      ),
    });
    map.draw({
      order: order.map((each) => each.unit),
      values: shownRun.steps[t - 1]?.[quantity],
      unit: chosen,
      width: Math.max(120, mapBox.clientWidth),
      quantity,
      colours: palette,
      name: label("unitsName", { quantity: label(`quantity_${quantity}`), t, unit: chosen }),
    });
    const runs = { free: free.steps, held: shownRun.steps, compares: clamps.length > 0 };
    const found = answer(network, reading.steps, t, runs, label, nameOf);
    setText(predicted, label(`predicts_${network.predicts}`, { t }));
    if (found) {
      bars.draw(found.rows, found.paired);
      tell.words(...sentences({ unit: chosen, t, values, unheld, held: clamps.length > 0, character, found }, label));
    }
    panel.show({ T, t, unit: chosen, values });
    showExperiments(t, clamps);
    table.draw({ computed: shownRun.steps, t, unit: chosen, nameOf: stepName });
  }

  // One unit's six numbers at step t and its cell state before, or null while they are not computed.
  function unitAt(run, t, chosen) {
    const step = run.steps[t - 1];
    if (!step) return null;
    const numbers = Object.fromEntries(QUANTITIES.map((quantity) => [quantity, step[quantity][chosen]]));
    return { ...numbers, before: t > 1 ? run.steps[t - 2].c[chosen] : 0 };
  }

  const reveal = whenChanged(() => words.reveal());

  function showUnits(chosen, quantity) {
    const name = model.get("sort");
    sort.show(name);
    for (const option of sort.input.options) {
      const absent = Boolean(followed[option.value]?.constant);
      option.disabled = absent && option.value !== name;
      setText(option, label(`sort_${option.value}`) + (absent ? ` (${label("noFeature")})` : ""));
    }
    unit.show(chosen);
    const r = order.find((each) => each.unit === chosen).r;
    follows.hidden = r === null;
    if (r !== null) {
      tell.follows(
        label("follows", {
          symbol: quantity === "c" ? "tanh C" : SYMBOLS[quantity],
          unit: chosen,
          feature: label(`sort_${name}`),
          r: fixed(r),
        }),
      );
    }
  }

  function showExperiments(t, clamps) {
    for (const { experiment, input } of experiments) {
      const found = experiment(reading.steps, t);
      setAttributes(input, { disabled: !found, "aria-pressed": String(Boolean(found) && same(found.clamps, clamps)) });
    }
    setText(marking.input, label(reading.steps[t - 1].marker ? "unmark" : "mark"));
  }

  // Several traits that change at once are drawn once.
  let scheduled = false;
  const stop = onChange(model, TRAITS, () => {
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(() => {
      scheduled = false;
      draw();
    });
  });
  const observer = new ResizeObserver(() => {
    if (root.clientWidth === 0) return; // not laid out, e.g. in a hidden tab
    width = body.clientWidth || field.parentElement.clientWidth;
    draw();
  });
  observer.observe(body);
  draw();
  return () => {
    stopped = true;
    clearTimeout(waiting);
    stop();
    observer.disconnect();
    colours.stop();
    time.stop();
  };
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

function render({ model, el }) {
  const root = html("div", { class: "sb sb-gate-laboratory", role: "group" });
  el.append(root);
  let dispose = build(model, root);
  const stop = onChange(model, ["lang", "specimen"], () => {
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
