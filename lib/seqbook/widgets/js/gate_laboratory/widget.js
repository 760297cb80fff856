// Runs a trained LSTM along the reader's own text, draws every gate of it, and lets the reader hold gates and compare.
import { palette } from "../kit/canvas.js";
import { html, setAttributes } from "../kit/dom.js";
import { assign } from "../kit/model.js";
import { clamp } from "../kit/scale.js";
import { widget } from "../kit/widget.js";
import { choices } from "./choices.js";
import { shown } from "./coloured-text.js";
import { holdPanel } from "./hold-panel.js";
import { LABELS } from "./labels.js";
import { createNetwork } from "./network.js";
import { pictures } from "./pictures.js";
import { reachOf } from "./quantities.js";
import { createStudy, unitAt } from "./study.js";
import { trials } from "./trials.js";
import { valuesTable } from "./values-table.js";
import { writing } from "./writing.js";

const SLICE = 12; // ms of computing before the reader's next key gets its turn
const REST = 200; // ms without a change after which the units are sorted anew: they do not jump about under a writer

function build({ model, label, root, draw: redraw }) {
  const network = createNetwork(model.get("specimen"), model.get("limits").text.most);
  const { kind, H } = network;
  const study = createStudy(network);
  let width = 640; // of the widget's inside, until it is measured

  const steps = () => study.steps;
  const now = () => clamp(model.get("time"), 1, Math.max(1, steps().length));
  const nameOf = (character) =>
    ({ " ": label("space"), "\n": label("newline"), "\t": label("tab") })[character] ??
    (kind === "numbers" ? character : `“${shown(character)}”`);
  const stepName = (t) => nameOf(steps()[t - 1]?.label ?? "");

  const text = writing({ model, label, network, steps });
  const attempts = trials({ model, label, kind, steps, now, rewrite: text.rewrite });
  const chosen = choices({ model, label, study });
  const views = pictures({ model, label, network, study, now, nameOf, stepName });
  const panel = holdPanel({ label, model, now, last: () => steps().length, nameOf: stepName });
  const table = valuesTable({ label, head: label(kind === "numbers" ? "number" : "character"), onOpen: redraw });
  const colours = palette(["ink", "soft", "accent", "line", "edge", "raised"], redraw);

  const empty = html("p", { class: "sb-words" }, label("empty"));
  const body = html(
    "div", { class: "sb-stack" }, ...chosen.elements, ...views.above, panel.element, views.units, table.element,
  );
  const content = html(
    "div",
    { class: "sb-stack" },
    html("p", { class: "sb-try" }, label(`try_${network.predicts}`, { example: network.labels[2] })),
    text.element,
    attempts.element,
    empty,
    body,
    colours.element,
  );

  let waiting = null; // what is still to do once the page had its turn
  function draw() {
    clearTimeout(waiting);
    study.take(model.get("text"), model.get("clamps"));
    const T = steps().length;
    empty.hidden = T > 0;
    body.hidden = T === 0;
    text.show(model.get("text"), study.unread);
    if (T === 0) {
      setAttributes(root, { "aria-busy": null });
      return;
    }
    compute(now());
    paint();
    settle();
  }

  // Computes up to step `last`, but no longer than a slice of time.
  function compute(last) {
    const start = performance.now();
    study.advance(last, () => performance.now() - start > SLICE);
  }

  // After the picture comes what it need not wait for: the steps after the chosen one, then the units' order.
  function settle() {
    const ordered = model.get("unit") !== null && study.isOrdered(model.get("sort"), model.get("quantity"));
    const busy = !study.isComplete() || !ordered;
    setAttributes(root, { "aria-busy": busy ? "true" : null });
    if (busy) waiting = setTimeout(goOn, study.isComplete() && model.get("unit") !== null ? REST : 0);
  }

  function goOn() {
    if (study.isComplete()) rank();
    else compute(steps().length);
    if (study.isComplete()) paint();
    settle();
  }

  function rank() {
    study.rank(model.get("sort"), model.get("quantity"));
    if (model.get("unit") === null) assign(model, { unit: study.order[0].unit });
  }

  function paint() {
    const t = now();
    const unit = clamp(model.get("unit") ?? 0, 0, H - 1);
    const reach = reachOf(unit, study.free, study.shown);
    const values = unitAt(study.shown, t, unit);
    const [quantity, clamps] = [model.get("quantity"), model.get("clamps")];
    chosen.show(unit, reach);
    views.draw({ t, unit, quantity, clamps, reach, values, colours: colours.read(), width });
    panel.show({ T: steps().length, t, unit, values });
    attempts.show();
    table.draw({ computed: study.shown.steps, t, unit, nameOf: stepName });
  }

  function measure() {
    width = body.clientWidth;
  }

  function stop() {
    clearTimeout(waiting);
    colours.stop();
    views.stop();
  }
  return { content, draw, sized: [body], measure, stop };
}

export default widget({ name: "gate_laboratory", labels: LABELS, rebuildOn: ["specimen"], build });
