// Steps through a parallel prefix scan and, beside it, the loop that does the same one operation after another.
import { excusable } from "../kit/controls.js";
import { html, setText } from "../kit/dom.js";
import { fixed } from "../kit/format.js";
import { knobs } from "../kit/knobs.js";
import { math } from "../kit/math.js";
import { memo } from "../kit/memo.js";
import { assign } from "../kit/model.js";
import { player } from "../kit/player.js";
import { widget } from "../kit/widget.js";
import { words } from "../kit/words.js";
import { counted, describe } from "./describe.js";
import { LABELS } from "./labels.js";
import { frame } from "./layout.js";
import { settingsOf, study as studyOf } from "./rounds.js";
import { valuesTable } from "./values-table.js";
import { loopView, scanView } from "./view.js";

function build({ model, label, draw: redraw }) {
  const get = (trait) => model.get(trait);
  const study = memo(studyOf);
  const knob = knobs(model, label);
  let room = 600; // of the drawing's window, until it is measured
  const target = () => Math.min(get("target"), get("steps"));
  const now = () => Math.min(get("time"), study(settingsOf(get)).last);

  const controls = {
    operation: knob.select("operation"),
    method: knob.select("method"),
    steps: knob.slider("steps", { onInput: (steps) => assign(model, { steps, target: steps }) }),
    decay: excusable(knob.slider("decay", { label: math("a", true), format: (value) => fixed(value) })),
    target: knob.slider("target", { format: String }),
  };
  const choose = (t) => assign(model, { target: t });
  const time = player({
    lang: get("lang"),
    labels: { back: label("back"), on: label("on"), time: label("time") },
    format: (t) => label("timeOf", { t, T: study(settingsOf(get)).last }),
    get: () => [now(), study(settingsOf(get)).last],
    onTime: (value) => assign(model, { time: value }),
  });
  const fields = get("x").map((_, index) =>
    knob.field("x", {
      entry: index + 1,
      name: label("input", { t: index + 1 }),
      onInput: (value) => assign(model, { x: get("x").map((old, i) => (i === index ? value : old)) }),
    }),
  );
  const inputs = html(
    "div",
    { class: "sb-inputs", role: "group", "aria-label": label("inputs") },
    ...fields.map(({ element }) => element),
  );
  const [scan, loop] = [scanView({ label, choose }), loopView({ label })];
  const heading = (text) => html("p", { class: "sb-heading" }, text);
  const scroller = html(
    "div",
    { class: "sb-scroll" },
    inputs,
    heading(label("scanHeading")),
    scan.element,
    heading(label("loopHeading")),
    loop.element,
  );
  const key = (kind, text) => html("span", { class: `sb-key ${kind}` }, text);
  const keys = [key("sb-done", label("doneKey")), key("sb-part", label("partKey")), key("sb-way", label("wayKey"))];
  const legend = html("p", { class: "sb-legend" }, ...keys);
  const cells = [0, 1].map(() => [html("td"), html("td")]);
  const head = (text) => html("th", { scope: "col" }, text);
  const names = ["loop", "scan"].map((name) => html("th", { scope: "row" }, label(name)));
  const counts = html(
    "table",
    { class: "sb-counts" },
    html("caption", {}, label("counts")),
    html("thead", {}, html("tr", {}, html("td"), head(label("roundsDone")), head(label("operationsDone")))),
    html("tbody", {}, ...names.map((name, row) => html("tr", {}, name, ...cells[row]))),
  );
  const explanation = words();
  const table = valuesTable({ label, onOpen: redraw });
  const content = html(
    "div",
    { class: "sb-stack" },
    html("div", { class: "sb-bar" }, controls.operation.element, controls.method.element),
    html("div", { class: "sb-grid" }, ...["steps", "decay", "target"].map((name) => controls[name].element)),
    time.element,
    html("div", {}, scroller, legend),
    counts,
    explanation.element,
    table.element,
  );

  function draw() {
    const settings = settingsOf(get);
    const found = study(settings);
    const { steps, operation } = settings;
    const box = frame(steps, found.rounds.length, room);
    const scene = { box, study: found, time: now(), target: target(), steps, operation, label };
    for (const name of ["operation", "method", "steps", "decay"]) controls[name].show(get(name));
    controls.decay.excuse(operation === "sum" ? label("onlyRecurrence") : null);
    controls.target.input.max = steps;
    controls.target.show(target());
    time.show();
    inputs.style.width = `${box.width}px`;
    inputs.style.setProperty("--columns", steps);
    fields.forEach(({ element, show }, index) => {
      element.hidden = index >= steps;
      show(get("x")[index]);
    });
    scan.draw(scene);
    loop.draw(scene);
    counted(scene).forEach(([, ...texts], row) => texts.forEach((text, n) => setText(cells[row][n], text)));
    explanation.say(...describe(scene));
    table.draw(found, now());
  }

  function measure() {
    room = scroller.clientWidth;
  }
  return { content, draw, sized: [scroller], measure, stop: time.stop };
}

export default widget({ name: "scan", labels: LABELS, build });
